/** What a person reads when signing up or in was refused, and the field it belongs to. */
import type { AuthRefusal } from "../../api/auth.ts";
import type { Problem } from "../../api/create-submission.ts";

export type AuthField = "name" | "email" | "password";

type AuthProblem = Problem<AuthField>;

export const PASSWORD_LENGTH_MIN = 8;
export const PASSWORD_LENGTH_MAX = 128;

const problems: Record<string, AuthProblem> = {
  // The same words for an unknown address and a wrong password: which of the two it was is nobody's business.
  INVALID_EMAIL_OR_PASSWORD: { text: "That email and password do not match an account." },
  INVALID_EMAIL: { field: "email", text: "This is not an email address." },
  INVALID_PASSWORD: { field: "password", text: "This password is not accepted." },
  PASSWORD_TOO_SHORT: {
    field: "password",
    text: `A password needs at least ${PASSWORD_LENGTH_MIN} characters.`,
  },
  PASSWORD_TOO_LONG: {
    field: "password",
    text: `A password can have at most ${PASSWORD_LENGTH_MAX} characters.`,
  },
  USER_ALREADY_EXISTS: {
    field: "email",
    text: "There is already an account with this email. Sign in, or reset the password.",
  },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    field: "email",
    text: "There is already an account with this email. Sign in, or reset the password.",
  },
  EMAIL_NOT_VERIFIED: {
    text: "This email is not confirmed yet. Follow the link in our mail first.",
  },
  INVALID_TOKEN: { text: "This link has expired or was already used. Ask for a new one." },
};

export function authProblemOf(refusal: AuthRefusal): AuthProblem {
  const known = problems[refusal.code];
  if (known) return known;
  if (refusal.status === 0) {
    return { text: "The server did not answer. Check the connection and try again." };
  }
  if (refusal.status === 429) return { text: `Too many attempts. ${waitSentence(refusal)}` };
  if (refusal.status === 403) {
    return {
      text: "This address is not one the service answers to. Open it under its usual address.",
    };
  }
  return { text: "Something went wrong on our side. Try again in a moment." };
}

function waitSentence({ retryAfterSeconds }: AuthRefusal): string {
  if (retryAfterSeconds === null) return "Wait a minute and try again.";
  if (retryAfterSeconds === 1) return "Wait a second and try again.";
  return `Wait ${retryAfterSeconds} seconds and try again.`;
}
