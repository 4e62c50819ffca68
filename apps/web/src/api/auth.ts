/** Signing up, in and out, and forgotten passwords: plain requests to the auth endpoints. */

const REQUEST_LIMIT_MS = 30_000;

export interface AuthRefusal {
  /** The auth library's code, such as INVALID_EMAIL_OR_PASSWORD; empty when it gave none. */
  code: string;
  /** The HTTP status; 0 when there was no answer at all. */
  status: number;
  retryAfterSeconds: number | null;
}

export type AuthAnswer = { ok: true } | { ok: false; refusal: AuthRefusal };

export const auth = {
  signUp: (details: { name: string; email: string; password: string }) =>
    post("sign-up/email", details),
  signIn: (details: { email: string; password: string }) => post("sign-in/email", details),
  signOut: () => post("sign-out", {}),
  requestPasswordReset: (details: { email: string; redirectTo: string }) =>
    post("request-password-reset", details),
  resetPassword: (details: { newPassword: string; token: string }) =>
    post("reset-password", details),
};

async function post(path: string, body: object): Promise<AuthAnswer> {
  let response: Response;
  try {
    response = await fetch(`/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
  } catch {
    return { ok: false, refusal: { code: "", status: 0, retryAfterSeconds: null } };
  }
  if (response.ok) return { ok: true };
  const answer = (await response.json().catch(() => null)) as { code?: unknown } | null;
  return {
    ok: false,
    refusal: {
      code: typeof answer?.code === "string" ? answer.code : "",
      status: response.status,
      retryAfterSeconds: secondsOf(
        response.headers.get("retry-after") ?? response.headers.get("x-retry-after"),
      ),
    },
  };
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? Math.ceil(seconds) : null;
}
