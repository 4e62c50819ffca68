import type { TargetView } from "@scanmeter/contracts/targets";
import { SelectOne } from "../../ui/select-one.tsx";
import { type ScanFilter, stateOptions } from "./scan-filter.ts";

export function ScanFilters(props: {
  filter: ScanFilter;
  targets: readonly TargetView[];
  onChange: (change: Partial<ScanFilter>) => void;
}) {
  const targetOptions = () => {
    const options = props.targets.map(({ id, name, archivedAt }) => ({
      value: id,
      label: archivedAt === null ? name : `${name} (archived)`,
    }));
    const { targetId } = props.filter;
    const isListed = targetId === null || options.some(({ value }) => value === targetId);
    // What is filtered by is named, even before its name is known.
    return isListed ? options : [...options, { value: targetId, label: "One target" }];
  };
  return (
    <search class="filters" aria-label="Which scans">
      <SelectOne
        label="State"
        all="All states"
        options={stateOptions}
        value={props.filter.state}
        onChoose={(state) => props.onChange({ state: state as ScanFilter["state"] })}
      />
      <SelectOne
        label="Target"
        all="All targets"
        options={targetOptions()}
        value={props.filter.targetId}
        onChoose={(targetId) => props.onChange({ targetId })}
      />
    </search>
  );
}
