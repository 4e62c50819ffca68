/**
 * What every form does when it is sent: look at what was typed, tell what is wrong beside its field and
 * move the focus there; otherwise send it once, and tell why that did not work.
 */
import { type Accessor, createSignal } from "solid-js";
import { focusFirstProblem, type Searchable } from "../ui/focus-first-problem.ts";
import { createCommand } from "./create-command.ts";

export type FieldProblems<Field extends string> = Partial<Record<Field, string | undefined>>;

/** Why what was sent was not taken. */
export interface Problem<Field extends string> {
  /** Absent when no single field is at fault. */
  readonly field?: Field;
  readonly text: string;
}

/** What is read of the event. */
interface Sent {
  preventDefault(): void;
  readonly currentTarget: Searchable;
}

export interface Submission<Field extends string> {
  isBusy: () => boolean;
  /** The last one was taken. */
  isDone: Accessor<boolean>;
  /** Why the last one was not taken, if that is about no field. */
  problem: Accessor<string | null>;
  fieldProblems: Accessor<FieldProblems<Field>>;
  submit: (event: Sent) => Promise<void>;
  /** A field was left: what is wrong with it is told. */
  check: (field: Field) => void;
  /** A field is being changed: its problem may be solved, and the next press tells. */
  solve: (field: Field) => void;
  /** What the last press brought is of no interest any more, but for what is told beside fields. */
  forget: () => void;
}

export function createSubmission<Field extends string>(steps: {
  check: () => FieldProblems<Field>;
  /** Throws what a call throws; answers a problem that is told better than by what was thrown. */
  send: () => Promise<Problem<Field> | undefined>;
}): Submission<Field> {
  const command = createCommand();
  const [fieldProblems, setFieldProblems] = createSignal<FieldProblems<Field>>({});
  const [isDone, setDone] = createSignal(false);
  const tell = (field: Field, text: string | undefined) =>
    void setFieldProblems((known) => ({ ...known, [field]: text }));

  function forget(): void {
    command.tell(null);
    setDone(false);
  }

  async function submit(event: Sent): Promise<void> {
    event.preventDefault();
    if (command.isBusy()) return;
    // Read now: once the event is over, it has none.
    const form = event.currentTarget;
    const found = steps.check();
    forget();
    setFieldProblems(() => found);
    if (Object.values(found).some(Boolean)) return focusFirstProblem(form);
    await command.run(async () => {
      const problem = await steps.send();
      setDone(problem === undefined);
      if (problem?.field === undefined) return command.tell(problem?.text ?? null);
      tell(problem.field, problem.text);
      focusFirstProblem(form);
    });
  }

  return {
    isBusy: command.isBusy,
    isDone,
    problem: command.problem,
    fieldProblems,
    submit,
    check: (field) => tell(field, steps.check()[field]),
    solve: (field) => tell(field, undefined),
    forget,
  };
}
