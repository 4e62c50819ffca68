import type { SaveResult } from "../auto-top-up/save.ts";
import type { AccountId } from "../ids.ts";
import type { Instant } from "../units.ts";
import type { Notice } from "./notice.ts";

export interface SettingsSave {
  readonly accountId: AccountId;
  readonly result: SaveResult;
  /** The name of the member who saved. */
  readonly by: string | null;
  readonly at: Instant;
}

/** Everybody who pays is told who agreed to what; a save that changes nothing is told to nobody. */
export function noticesOfSave({ accountId, result, by, at }: SettingsSave): Notice[] {
  if (!result.isChanged) return [];
  const { settings, consent } = result.saved;
  const { enabled, revision } = settings;
  const sentence = result.consentedTo.length > 0 ? (consent?.sentence ?? null) : null;
  const data = { by, enabled, sentence };
  const key = `settings-${accountId}-${revision}`;
  return [{ key, accountId, at, kind: "settings_changed", data }];
}
