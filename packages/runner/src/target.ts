import type { RunnerTarget } from "./client.ts";

export type FoundTarget =
  | { readonly found: true; readonly target: RunnerTarget }
  | { readonly found: false; readonly why: string };

const LISTED_MAX = 10;

/**
 * Finds the target a person means: by its id, else by its exact url, else by its url but for a slash
 * at the end. Never by resemblance: a scan of the wrong target costs a credit and perhaps more.
 */
export function findTarget(targets: readonly RunnerTarget[], wanted: string): FoundTarget {
  const readings: readonly ((target: RunnerTarget) => boolean)[] = [
    (target) => target.id === wanted,
    (target) => target.url === wanted,
    (target) => withoutSlash(target.url) === withoutSlash(wanted),
  ];
  for (const means of readings) {
    const [target, ...others] = targets.filter(means);
    if (!target) continue;
    if (others.length === 0) return { found: true, target };
    const ids = [target, ...others].map(({ id }) => id).join(", ");
    return {
      found: false,
      why: `several targets are at "${wanted}", choose one by its id: ${ids}`,
    };
  }
  return { found: false, why: `there is no target "${wanted}"; ${existing(targets)}` };
}

function existing(targets: readonly RunnerTarget[]): string {
  if (targets.length === 0)
    return "this account has no targets yet, create one on the Targets page";
  const listed = targets.slice(0, LISTED_MAX).map(({ id, url }) => `${id} (${url})`);
  const unlisted = targets.length - listed.length;
  const rest = unlisted > 0 ? [`and ${unlisted} more`] : [];
  return `there are ${[...listed, ...rest].join(", ")}`;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
