/** Signs a person up through the same door as everybody, so that the password is kept as theirs are. */
import type { SignIn } from "@scanmeter/sandbox/seed";

export interface Door {
  /** Where this process can be reached from itself. */
  readonly localUrl: string;
  /** What a browser would say it comes from. */
  readonly publicUrl: string;
}

export async function signUpOrIn({ localUrl, publicUrl }: Door, signIn: SignIn): Promise<string> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${localUrl}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: publicUrl },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { user?: { id?: string }; message?: string };
    return { userId: answer.user?.id, reason: answer.message ?? `status ${response.status}` };
  };
  const signedUp = await post("sign-up/email", signIn);
  if (signedUp.userId !== undefined) return signedUp.userId;
  const { email, password } = signIn;
  const signedIn = await post("sign-in/email", { email, password });
  if (signedIn.userId !== undefined) return signedIn.userId;
  throw new Error(`${email} could not be signed up: ${signedUp.reason}`);
}
