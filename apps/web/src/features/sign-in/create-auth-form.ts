/** What all the forms here share: check, send once, tell problems beside their fields. */
import { createSignal } from "solid-js";
import type { AuthAnswer } from "../../api/auth.ts";
import { focusFirstProblem } from "../../ui/field.tsx";
import { type AuthProblem, authProblemOf } from "./auth-sentences.ts";
import type { FieldProblems } from "./entered-details.ts";

export function createAuthForm(steps: {
  check: () => FieldProblems;
  send: () => Promise<AuthAnswer>;
  onDone: () => void | Promise<void>;
}) {
  const [isBusy, setBusy] = createSignal(false);
  const [fieldProblems, setFieldProblems] = createSignal<FieldProblems>({});
  const [problem, setProblem] = createSignal<AuthProblem | null>(null);

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    const form = event.currentTarget;
    const found = steps.check();
    setProblem(null);
    setFieldProblems(found);
    if (Object.values(found).some(Boolean)) return focusFirstProblem(form);

    setBusy(true);
    const answer = await steps.send();
    if (answer.ok) await steps.onDone();
    else tell(authProblemOf(answer.refusal), form);
    setBusy(false);
  }

  function tell(refused: AuthProblem, form: HTMLFormElement): void {
    if (refused.field) {
      setFieldProblems({ [refused.field]: refused.text });
      focusFirstProblem(form);
    } else {
      setProblem(refused);
    }
  }

  return { isBusy, fieldProblems, problem, submit };
}
