/** What all the forms here share: the refusals of the auth endpoints, beside the field they belong to. */
import type { AuthAnswer } from "../../api/auth.ts";
import {
  createSubmission,
  type FieldProblems,
  type Submission,
} from "../../api/create-submission.ts";
import { type AuthField, authProblemOf } from "./auth-sentences.ts";

export function createAuthForm(steps: {
  check: () => FieldProblems<AuthField>;
  send: () => Promise<AuthAnswer>;
  onDone: () => void | Promise<void>;
}): Submission<AuthField> {
  return createSubmission({
    check: steps.check,
    async send() {
      const answer = await steps.send();
      if (!answer.ok) return authProblemOf(answer.refusal);
      await steps.onDone();
    },
  });
}
