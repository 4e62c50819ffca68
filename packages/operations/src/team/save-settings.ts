import { defaultPriceListData, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { type AccountSettings, decideAccountSettings } from "@scanmeter/core/team";
import { findSettingsFacts, updateSettings } from "@scanmeter/db";
import type { Deps } from "../deps.ts";

export interface SaveSettingsCommand {
  readonly accountId: string;
  readonly name: string;
  readonly timeZone: string;
  /** Left out, it stays as it is. */
  readonly currency?: string | undefined;
}

/**
 * No date that was given moves with the time zone; months that are counted from now on are. When a
 * renewal or a notice is due is read by the zone, so the account is looked at again.
 */
export async function saveSettings(
  deps: Deps,
  { accountId, ...wanted }: SaveSettingsCommand,
): Promise<Outcome<AccountSettings, Refusal>> {
  const facts = await findSettingsFacts(deps.db, accountId);
  if (facts === null) return refuse({ code: "account_not_found" });
  const sold = (deps.payments?.priceList ?? defaultPriceListData).currency;
  const decided = decideAccountSettings({ ...facts, sold }, wanted);
  if (!decided.ok) return decided;
  return deps.writer.submit<AccountSettings>({
    accountId,
    wants: {},
    decide(_books, _known, draft) {
      draft.add([updateSettings(accountId, decided.value)]);
      draft.askForLook();
      return decided;
    },
  });
}
