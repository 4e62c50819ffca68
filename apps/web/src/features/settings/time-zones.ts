/** The time zones to choose from, as people look for them: by part of the world, then by city. */
import { zoneName } from "../../format/instants.ts";

export interface ZoneGroup {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Browsers know different names for the same zone, so the one that is set is always among them. */
export function zoneGroups(
  current: string,
  known: readonly string[] = Intl.supportedValuesOf("timeZone"),
): ZoneGroup[] {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const value of new Set([...known, "UTC", current])) {
    const parts = value.split("/");
    const region = parts.length > 1 ? (parts[0] ?? "") : "No place";
    groups.set(region, [...(groups.get(region) ?? []), { value, label: cityOf(value, parts) }]);
  }
  return [...groups]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([label, options]) => ({
      label,
      options: options.sort((one, other) => one.label.localeCompare(other.label)),
    }));
}

/** The city first, because a list is searched by typing how an entry begins. */
function cityOf(value: string, parts: readonly string[]): string {
  const within = parts.slice(1, -1).join(", ").replaceAll("_", " ");
  return within === "" ? zoneName(value) : `${zoneName(value)}, ${within}`;
}
