import type { TestCustomer } from "./people.ts";
import { cookieOf, type TestEdge } from "./test-edge.ts";

/** Makes somebody who signed up a member of another account, with a new session to act for it. */
export async function joinAs(
  on: TestEdge,
  who: TestCustomer,
  as: { readonly accountId: string; readonly role: "owner" | "billing" | "member" },
): Promise<string> {
  await on.operations.database.write([
    {
      sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, ?, ?)",
      args: [as.accountId, who.userId, as.role],
    },
  ]);
  const cookie = await on.openSession(who.userId);
  await on.operations.database.write([
    {
      sql: "UPDATE auth_session SET active_account_id = ? WHERE user_id = ?",
      args: [as.accountId, who.userId],
    },
  ]);
  return cookie;
}

export async function signIn(
  url: string,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`signing in failed: ${await response.text()}`);
  return cookieOf(response);
}

export async function signOut(url: string, cookie: string): Promise<void> {
  await fetch(`${url}/api/auth/sign-out`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, cookie },
    body: "{}",
  });
}
