import { createEffect, createSignal, For, on, Show } from "solid-js";
import { api, type Me } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { useSession } from "../../session/session.tsx";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { RadioChoice } from "../../ui/choice.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { LeaveGuard } from "../../ui/leave-guard.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { createPrices } from "../checkout/create-prices.ts";
import {
  changesOf,
  type EnteredSettings,
  enteredFrom,
  isSaved,
  NAME_MAX,
  nameProblem,
} from "./entered-settings.ts";
import { currencyInWords, outOfCreditsChoices, whatAZoneChanges } from "./settings-words.ts";
import { zoneGroups } from "./time-zones.ts";

export function SettingsForm(props: { me: Me }) {
  const session = useSession();
  const shop = createPrices();
  const saved = () => enteredFrom(props.me);
  const [entered, setEntered] = createSignal(saved());
  const isDirty = () => !isSaved(entered(), saved());

  // What somebody else changed is shown, unless it would take away what is being typed.
  createEffect(
    on(saved, (now, before) => {
      if (before && isSaved(entered(), before)) setEntered(now);
    }),
  );

  function change(change: Partial<EnteredSettings>): void {
    setEntered((known) => ({ ...known, ...change }));
    form.forget();
  }

  const form = createSubmission({
    check: () => ({ name: nameProblem(entered().name) }),
    async send() {
      const { account, whenOutOfCredits: value } = changesOf(entered(), saved());
      try {
        if (account !== null) await api.account.saveSettings.mutate(account);
        if (value !== null) await api.account.setWhenOutOfCredits.mutate({ value });
      } catch (error) {
        // One of the two may be saved; every page follows what is.
        void session.load();
        throw error;
      }
      await session.load();
    },
  });

  return (
    <form class="card" noValidate onSubmit={form.submit}>
      <div class="settings__form">
        <TextField
          label="Name of the account"
          name="name"
          autocomplete="organization"
          maxLength={NAME_MAX}
          value={entered().name}
          onInput={(name) => {
            change({ name });
            form.solve("name");
          }}
          problem={form.fieldProblems().name}
          hint="Members see it, and those you invite."
        />
        <ZoneField
          timeZone={entered().timeZone}
          saved={saved().timeZone}
          onChoose={(timeZone) => change({ timeZone })}
        />
        <CurrencyField
          currency={entered().currency}
          saved={saved().currency}
          sold={shop.prices()?.currency ?? saved().currency}
          onChoose={(currency) => change({ currency })}
        />
        <fieldset class="choices">
          <legend class="field__label">When credits run out during a scan</legend>
          <For each={outOfCreditsChoices}>
            {({ value, label, meaning }) => (
              <RadioChoice
                name="whenOutOfCredits"
                label={label}
                note={meaning}
                isChosen={entered().whenOutOfCredits === value}
                onChoose={() => change({ whenOutOfCredits: value })}
              />
            )}
          </For>
        </fieldset>
        <FailureNotice text={form.problem()} />
        <div class="settings__ways">
          <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Saving…">
            Save
          </Button>
          <p role="status">{form.isDone() ? "Saved." : ""}</p>
        </div>
      </div>
      <LeaveGuard
        isDirty={isDirty() && !form.isBusy()}
        what="The settings you changed are not saved."
      />
    </form>
  );
}

/** A list that is searched by typing, in every browser and with whatever a phone has for lists. */
function ZoneField(props: {
  timeZone: string;
  saved: string;
  onChoose: (timeZone: string) => void;
}) {
  const time = useServerTime();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const groups = () => zoneGroups(props.saved);
  return (
    <div class="settings__zone">
      <SelectField
        label="Time zone"
        name="timeZone"
        groups={groups()}
        value={props.timeZone}
        onInput={props.onChoose}
        hint={whatAZoneChanges}
      />
      <p>
        It is now{" "}
        <strong class="unbroken">{shortInstant(time.now(), { timeZone: props.timeZone })}</strong>{" "}
        in {zoneName(props.timeZone)}.
      </p>
      <Show when={here !== props.timeZone}>
        <div>
          <Button size="small" onClick={() => props.onChoose(here)}>
            Use the zone of this device: {zoneName(here)}
          </Button>
        </div>
      </Show>
    </div>
  );
}

/** There is one price list. An account that was opened in another currency can follow it until it buys. */
function CurrencyField(props: {
  currency: string;
  saved: string;
  sold: string;
  onChoose: (currency: string) => void;
}) {
  return (
    <Show
      when={props.sold !== props.saved}
      fallback={
        <div class="field">
          <p class="field__label">Currency</p>
          <p>{currencyInWords(props.currency)}</p>
          <p class="field__hint">Credits are sold in this currency only.</p>
        </div>
      }
    >
      <SelectField
        label="Currency"
        name="currency"
        options={[props.saved, props.sold].map((value) => ({
          value,
          label: currencyInWords(value),
        }))}
        value={props.currency}
        onInput={props.onChoose}
        hint={`Credits are sold in ${currencyInWords(props.sold)}. It can be changed until the first purchase.`}
      />
    </Show>
  );
}
