/** Checks what was typed before it is sent, so that a slip is told at once and beside its field. */
import type { FieldProblems } from "../../api/create-submission.ts";
import { type AuthField, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./auth-sentences.ts";

export const nameProblem = (name: string): string | undefined =>
  name.trim() === "" ? "Enter your name." : undefined;

export const presentPasswordProblem = (password: string): string | undefined =>
  password === "" ? "Enter your password." : undefined;

export function newPasswordProblem(password: string): string | undefined {
  if (password.length < PASSWORD_LENGTH_MIN) {
    return `A password needs at least ${PASSWORD_LENGTH_MIN} characters.`;
  }
  return password.length > PASSWORD_LENGTH_MAX
    ? `A password can have at most ${PASSWORD_LENGTH_MAX} characters.`
    : undefined;
}

/** Said beforehand, and not a second time beside the problem that says the same. */
export function passwordHint({ password }: FieldProblems<AuthField>): string | undefined {
  return password ? undefined : `At least ${PASSWORD_LENGTH_MIN} characters.`;
}
