/** Checks what was typed before it is sent, so that a slip is told at once and beside its field. */
import { type AuthField, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./auth-sentences.ts";

export type FieldProblems = Partial<Record<AuthField, string | undefined>>;

export const nameProblem = (name: string): string | undefined =>
  name.trim() === "" ? "Enter your name." : undefined;

/** Loose on purpose: only the mail that arrives proves an address. */
export function emailProblem(email: string): string | undefined {
  if (email.trim() === "") return "Enter your email.";
  return /^\S+@\S+\.\S+$/.test(email.trim())
    ? undefined
    : "This is not an email address. It looks like name@company.com.";
}

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
