/** A customer with everything a scan needs but credits: signed up over HTTP like anybody. */
import type { Overview } from "@scanmeter/contracts/live";
import { accepted, type Caller, mutate, query } from "./call.ts";

export interface Customer {
  readonly email: string;
  readonly password: string;
  readonly accountId: string;
  readonly targetId: string;
  /** Calls as the signed-in person… */
  readonly person: Caller;
  /** …and as a runner with a key of the account. */
  readonly runner: Caller;
  readonly runnerKey: string;
}

const PASSWORD = "correct horse battery";

/** Signed up and signed in, with nothing yet. */
export async function signUpPerson(url: string, name: string, email: string): Promise<Caller> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ name, email, password: PASSWORD }),
  });
  if (response.status !== 200) throw new Error(`Sign-up failed: ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  return { url, headers: { cookie } };
}

export async function signUpCustomer(url: string, name: string): Promise<Customer> {
  const email = `${name}@customers.test`;
  const person = await signUpPerson(url, name, email);
  const target = { url: `https://${name}.customers.test/`, mode: "credits" };
  const { id: targetId } = await accepted(mutate<{ id: string }>(person, "targets.create", target));
  const key = await accepted(mutate<{ secret: string }>(person, "runnerKeys.create", { name }));
  const { accountId } = await overviewOf(person);
  const runner = { url, headers: { authorization: `Bearer ${key.secret}` } };
  return { email, password: PASSWORD, accountId, targetId, person, runner, runnerKey: key.secret };
}

export function overviewOf(person: Caller): Promise<Overview> {
  return accepted(query<Overview>(person, "account.overview"));
}
