/**
 * The form's state, and what its button does. What was typed stays until it is saved or given up:
 * neither a failure nor somebody else's change takes it away.
 */
import type { AutoTopUpView, ConsentView } from "@scanmeter/contracts/auto-top-up";
import { type Accessor, createEffect, createMemo, createSignal, on } from "solid-js";
import { type CallFailure, callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { createLastAnswer } from "../../live/create-last-answer.ts";
import { isPending } from "../../live/last-answer.ts";
import {
  areSameSettings,
  type EnteredSettings,
  enteredFrom,
  isSaved,
  problemOf,
  type SettingsField,
  type SettingsProblems,
  settingsInput,
  settingsProblems,
} from "./entered-settings.ts";
import { type Previewed, type Step, stepAfterPress, termsOf } from "./terms.ts";

export interface SettingsForm {
  saved: Accessor<AutoTopUpView>;
  entered: Accessor<EnteredSettings>;
  type(change: Partial<EnteredSettings>): void;
  problems: Accessor<SettingsProblems>;
  /** A field was left: what is wrong with it is told. */
  check(field: SettingsField): void;
  isDirty: Accessor<boolean>;
  /** Of what is typed now, or of what was typed just before while that is pending. */
  previewed: Accessor<Previewed | null>;
  isPreviewPending: Accessor<boolean>;
  /** Why there is no preview, in words. */
  previewProblem: Accessor<string | null>;
  /** What the last press wants the person to do before the next. */
  asks: Accessor<Exclude<Step, "save"> | null>;
  /** What somebody else saved meanwhile. */
  theirs: Accessor<AutoTopUpView | null>;
  problem: Accessor<string | null>;
  isBusy: Accessor<boolean>;
  /** Answers whether it is saved. */
  press(): Promise<boolean>;
}

export function createSettingsForm(
  view: AutoTopUpView,
  surface: ConsentView["surface"],
): SettingsForm {
  const [saved, setSaved] = createSignal(view);
  const [entered, setEntered] = createSignal(enteredFrom(view));
  const [problems, setProblems] = createSignal<SettingsProblems>({});
  const [asked, setAsked] = createSignal<{ step: Step; terms: string } | null>(null);
  const [theirs, setTheirs] = createSignal<AutoTopUpView | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isBusy, setBusy] = createSignal(false);

  const wrong = createMemo(() => settingsProblems(entered(), saved()));
  const isRight = () => Object.keys(wrong()).length === 0;
  /** Another revision may need another agreement, so it is another question. */
  const question = createMemo(
    () =>
      entered().enabled && isRight()
        ? { settings: settingsInput(entered(), saved()), revision: saved().revision }
        : null,
    null,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const { state, askNow } = createLastAnswer(
    question,
    async ({ settings }): Promise<Previewed> => ({
      settings,
      preview: await api.autoTopUp.preview.query(settings),
    }),
  );
  const previewed = () => (question() === null ? null : state().shown);
  const isCurrent = () => {
    const [wanted, shown] = [question(), state().shown];
    return wanted !== null && shown !== null && areSameSettings(wanted.settings, shown.settings);
  };
  const asks = () => {
    const [question, shown] = [asked(), previewed()];
    if (question === null || shown === null || question.step === "save" || !isCurrent())
      return null;
    return question.terms === termsOf(shown) ? question.step : null;
  };

  function type(change: Partial<EnteredSettings>): void {
    setEntered((known) => ({ ...known, ...change }));
    setProblem(null);
    // A problem goes as soon as it may be solved.
    const solved = Object.keys(change).flatMap((typed) => fieldsOf[typed as keyof EnteredSettings]);
    setProblems((known) => without(known, solved));
  }

  function check(field: SettingsField): void {
    setProblems((known) => ({ ...without(known, [field]), ...pick(wrong(), field) }));
  }

  /** Answers whether it was about a field. */
  function tellField(failure: CallFailure): boolean {
    if (failure.is !== "refused" || failure.refusal.code !== "invalid_auto_top_up") return false;
    const { field } = failure.refusal;
    const text = problemOf(failure.refusal, saved().currency);
    setProblems((known) => ({ ...known, [field]: text }));
    return true;
  }
  createEffect(
    on(
      () => state().failure,
      (failure) => failure && tellField(failure),
    ),
  );

  async function fail(error: unknown): Promise<void> {
    const failure = callFailureOf(error);
    if (tellField(failure)) return;
    if (failure.is !== "refused" || failure.refusal.code !== "settings_changed") {
      setProblem(sentenceOf(failure));
      return;
    }
    try {
      setTheirs(setSaved(await api.autoTopUp.get.query()));
    } catch (another) {
      setProblem(sentenceOf(callFailureOf(another)));
    }
  }

  async function save(): Promise<boolean> {
    const seen = state().shown;
    const typed = entered();
    const { revision } = saved();
    const command = { ...settingsInput(typed, saved()), surface, revision };
    let expectedTotalMinor: number | undefined;
    if (typed.enabled) {
      const fresh = await askNow();
      const step = stepAfterPress({ fresh, seen, warnedOf: asked()?.terms ?? null });
      setAsked({ step, terms: termsOf(fresh) });
      if (step !== "save") return false;
      expectedTotalMinor = fresh.preview.totalMinor;
    }
    const answer = await api.autoTopUp.save.mutate({ ...command, expectedTotalMinor });
    setSaved(answer);
    setTheirs(null);
    setAsked(null);
    // What was typed while it was being saved is not saved.
    if (entered() === typed) setEntered(enteredFrom(answer));
    return true;
  }

  async function press(): Promise<boolean> {
    if (isBusy()) return false;
    setProblem(null);
    setProblems(wrong());
    if (!isRight()) return false;
    setBusy(true);
    try {
      return await save();
    } catch (error) {
      await fail(error);
      return false;
    } finally {
      setBusy(false);
    }
  }

  return {
    saved,
    entered,
    type,
    problems,
    check,
    isDirty: () => !isSaved(entered(), saved()),
    previewed,
    isPreviewPending: () => isPending(state()),
    previewProblem: () => {
      const { failure } = state();
      const isTold = Object.keys(problems()).length > 0;
      return failure === null || isTold ? null : sentenceOf(failure);
    },
    asks,
    theirs,
    problem,
    isBusy,
    press,
  };
}

/** Which of the server's fields a change may put right: the limit depends on what one purchase costs. */
const fieldsOf: Record<keyof EnteredSettings, readonly SettingsField[]> = {
  enabled: ["quantity", "triggers", "threshold", "monthlyLimitMinor"],
  quantity: ["quantity", "monthlyLimitMinor"],
  outOfCredits: ["triggers"],
  beforeExpiry: ["triggers"],
  threshold: ["threshold"],
  monthlyLimit: ["monthlyLimitMinor"],
};

function without(problems: SettingsProblems, fields: readonly SettingsField[]): SettingsProblems {
  return Object.fromEntries(
    Object.entries(problems).filter(([field]) => !fields.includes(field as SettingsField)),
  );
}

function pick(problems: SettingsProblems, field: SettingsField): SettingsProblems {
  const text = problems[field];
  return text === undefined ? {} : { [field]: text };
}
