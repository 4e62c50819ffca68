import { createEffect, createUniqueId, Show } from "solid-js";
import { SelectOne } from "../../ui/select-one.tsx";
import {
  type ActivityFilter,
  isDay,
  isFiltered,
  type KindGroupName,
  kindGroups,
  noFilter,
} from "./activity-filter.ts";

const options = kindGroups.map(({ name, label }) => ({ value: name, label }));

export function ActivityFilters(props: {
  filter: ActivityFilter;
  csvAddress: string;
  onChange: (change: Partial<ActivityFilter>) => void;
}) {
  return (
    <div class="postings__bar">
      <search class="postings__filters" aria-label="Which postings">
        <SelectOne
          label="What"
          all="Everything"
          options={options}
          value={props.filter.kinds}
          onChoose={(kinds) => props.onChange({ kinds: kinds as KindGroupName | null })}
        />
        <Day
          label="First day"
          day={props.filter.from}
          onChange={(from) => props.onChange({ from })}
        />
        <Day label="Last day" day={props.filter.to} onChange={(to) => props.onChange({ to })} />
        <Show when={isFiltered(props.filter)}>
          <button type="button" class="link link--target" onClick={() => props.onChange(noFilter)}>
            Show everything
          </button>
        </Show>
      </search>
      <a class="link--target" href={props.csvAddress} rel="external" download="">
        Download as CSV
      </a>
    </div>
  );
}

/** A day or none. The field may hold half of one while somebody types; the filter never does. */
function Day(props: { label: string; day: string | null; onChange: (day: string | null) => void }) {
  const id = createUniqueId();
  let field!: HTMLInputElement;
  const show = () => {
    const text = props.day ?? "";
    if (field.value !== text) field.value = text;
  };
  createEffect(show);

  function typed(): void {
    if (field.value === "" && !field.validity.badInput) props.onChange(null);
    else if (isDay(field.value)) props.onChange(field.value);
  }

  return (
    <div class="field postings__day">
      <label class="field__label" for={id}>
        {props.label}
      </label>
      <input
        ref={field}
        id={id}
        type="date"
        class="input"
        min="2000-01-01"
        max="2199-12-31"
        onInput={typed}
        onBlur={() => {
          // What is no day when it is left never was one.
          if (field.validity.badInput || !isDay(field.value || (props.day ?? ""))) {
            field.value = "";
            show();
          }
        }}
      />
    </div>
  );
}
