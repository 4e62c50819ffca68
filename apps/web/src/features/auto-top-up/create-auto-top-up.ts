import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { createSignal } from "solid-js";
import { api } from "../../api/client.ts";
import { createAnswer } from "../../live/create-answer.ts";

/** The account's automatic top-ups as they are saved; null until the first answer. */
export function createAutoTopUp() {
  const [saved, setSaved] = createSignal<AutoTopUpView | null>(null);
  const { hasFailed, refresh } = createAnswer(async () =>
    setSaved(await api.autoTopUp.get.query()),
  );
  return {
    view: saved,
    hasFailed,
    refresh,
    /** Saving answers the newest. */
    take: (view: AutoTopUpView) => void setSaved(view),
  };
}

export type AutoTopUp = ReturnType<typeof createAutoTopUp>;
