import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { httpClient } from "./testing/clients.ts";
import { signIn, signOut } from "./testing/members.ts";
import { cookieOf, startTestEdge, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
beforeAll(async () => {
  on = await startTestEdge({
    limits: { passwordReset: { windowSeconds: 60, max: 3 } },
    addressHeader: "x-real-ip",
  });
});
afterAll(() => on.stop());

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${on.url}/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: on.url, ...headers },
    body: JSON.stringify(body),
  });

describe("a session", () => {
  test("is kept in a cookie that scripts cannot read and other sites cannot send", async () => {
    const ada = await on.signUp("Ada");
    const response = await post("sign-in/email", { email: ada.email, password: ada.password });
    const cookies = response.headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^scanmeter\.session_token=/);
    expect(cookies[0]).toMatch(/HttpOnly/i);
    expect(cookies[0]).toMatch(/SameSite=Lax/i);
    expect(cookies[0]).not.toMatch(/Domain=/i);
  });

  test("ends for every call the moment its holder signs out", async () => {
    const ada = await on.signUp("Ada");
    await signOut(on.url, ada.cookie);
    await expect(ada.api.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHORIZED" } });
  });

  test("is a new one at each sign-in, whatever cookie was there before", async () => {
    const ada = await on.signUp("Ada");
    const { email, password } = ada;
    const again = await post("sign-in/email", { email, password }, { cookie: ada.cookie });
    expect(cookieOf(again)).not.toBe(ada.cookie);
  });

  test("that is used for days is renewed, and the browser is told", async () => {
    const ada = await on.signUp("Ada");
    const cookie = await signIn(on.url, ada);
    const day = 24 * 60 * 60 * 1_000;
    await on.operations.database.write([
      {
        sql: "UPDATE auth_session SET expires_at = ? WHERE user_id = ?",
        args: [Date.now() + 5 * day, ada.userId],
      },
    ]);
    const response = await fetch(`${on.url}/trpc/me`, { headers: { cookie } });
    expect(response.headers.getSetCookie().join()).toContain("scanmeter.session_token=");
    const { rows } = await on.operations.database.read({
      sql: "SELECT max(expires_at) FROM auth_session WHERE user_id = ?",
      args: [ada.userId],
    });
    expect(Number(rows[0]?.[0])).toBeGreaterThan(Date.now() + 6 * day);
  });

  test("one account is opened for somebody who first comes twice at once", async () => {
    const response = await post("sign-up/email", {
      name: "Twice",
      email: "twice@example.test",
      password: "a password of a test",
    });
    const api = httpClient(on.url, { cookie: cookieOf(response), origin: on.url });
    const [one, two] = await Promise.all([api.me.query(), api.account.overview.query()]);
    expect(one.account.id).toBe(two.accountId);
    expect(two).toMatchObject({ version: 0, balance: { available: 0 }, lots: [] });
  });
});

test("a name is one line that people can read, and comes without a picture", async () => {
  const password = "a password of a test";
  for (const name of ["", "  ", "x".repeat(101), "two\nlines", "\u202eeman"]) {
    const response = await post("sign-up/email", { name, email: "odd@example.test", password });
    expect(response.status).toBe(400);
  }
  const image = "javascript:alert(1)";
  const email = "even@example.test";
  const response = await post("sign-up/email", { name: " Eve  ", email, password, image });
  expect(await response.json()).toMatchObject({ user: { name: "Eve", image: null } });
});

test("whoever a test finds signed up is as if they had come in by the door", async () => {
  const ada = await on.signUp("Ada");
  const { password } = ada;
  const email = "ada-at-the-door@example.test";
  const response = await post("sign-up/email", { name: "Ada", email, password });
  const { user } = (await response.json()) as { user: { id: string } };
  const cookie = cookieOf(response);
  await httpClient(on.url, { cookie, origin: on.url }).me.query();
  const shapeOf = (text: string) => text.replaceAll(/[\w+/]{20,}/g, (run) => `${run.length}`);

  /** What is stored of somebody, with instants and whatever is drawn by lot as nothing but a shape. */
  async function storedOf(person: { readonly userId: string; readonly email: string }) {
    const stored: [string, unknown][] = [];
    for (const table of ["auth_user", "auth_account", "auth_session", "members"]) {
      const { columns, rows } = await on.operations.database.read({
        sql: `SELECT * FROM ${table} WHERE ${table === "auth_user" ? "id" : "user_id"} = ?`,
        args: [person.userId],
      });
      expect(rows).toHaveLength(1);
      for (const [at, column] of columns.entries()) {
        // Nobody came from anywhere to be put there.
        if (column === "ip_address" || column === "user_agent") continue;
        const text = String(rows[0]?.[at]).replace(person.email, "their address");
        stored.push([`${table}.${column}`, column.endsWith("_at") ? text.length : shapeOf(text)]);
      }
    }
    return stored;
  }
  const atTheDoor = await storedOf({ userId: user.id, email });
  expect(atTheDoor.length).toBeGreaterThan(30);
  expect(await storedOf(ada)).toEqual(atTheDoor);
  expect(shapeOf(decodeURIComponent(ada.cookie))).toBe(shapeOf(decodeURIComponent(cookie)));
});

describe("signing in", () => {
  test("says the same about a wrong password and an address nobody has", async () => {
    const ada = await on.signUp("Ada");
    const password = "not the password";
    const wrong = await post("sign-in/email", { email: ada.email, password });
    const unknown = await post("sign-in/email", { email: "nobody@example.test", password });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  test("takes as long for an address nobody has", async () => {
    const ada = await on.signUp("Ada");
    const took = async (email: string) => {
      const startedAt = performance.now();
      await post("sign-in/email", { email, password: "not the password" });
      return performance.now() - startedAt;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 5; i++) {
      known.push(await took(ada.email));
      unknown.push(await took("nobody@example.test"));
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[2] as number;
    // Hashing the password is nearly all of it; without that it would be a twentieth.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.5);
    expect(median(unknown) / median(known)).toBeLessThan(2);
  });

  test("is refused from another site, with or without a cookie", async () => {
    const ada = await on.signUp("Ada");
    const { email, password } = ada;
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `${on.url}.evil.example` },
      { origin: "https://evil.example", cookie: ada.cookie },
    ]) {
      expect((await post("sign-in/email", { email, password }, headers)).status).toBe(403);
    }
  });

  test("works for programs, which do not say where they come from", async () => {
    const person = {
      name: "Script",
      email: "script@example.test",
      password: "a password of a test",
    };
    const ask = (path: string, body: object, cookie?: string) =>
      fetch(`${on.url}/api/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(cookie ? { cookie } : {}) },
        body: JSON.stringify(body),
      });
    expect((await ask("sign-up/email", person)).status).toBe(200);
    const { email, password } = person;
    const cookie = cookieOf(await ask("sign-in/email", { email, password }));
    expect((await ask("sign-out", {}, cookie)).status).toBe(200);
    const api = httpClient(on.url, { cookie, origin: on.url });
    await expect(api.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHORIZED" } });
  });

  test("is counted by the address a client has, not by one it makes up", async () => {
    const tries = [];
    for (let i = 0; i < 5; i++) {
      const headers = { "x-forwarded-for": `10.1.1.${i}`, "x-scanmeter-address": `10.2.2.${i}` };
      tries.push(await post("request-password-reset", { email: "x@example.test" }, headers));
    }
    expect(tries.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    const other = await post(
      "request-password-reset",
      { email: "x@example.test" },
      { "x-real-ip": "10.9.9.9" },
    );
    expect(other.status).toBe(200);
  });

  test("is counted by each edge for itself, whatever else its process runs", async () => {
    const elsewhere = await startTestEdge({ limits: { otherAuth: { windowSeconds: 60, max: 1 } } });
    try {
      const ask = (edge: TestEdge) => fetch(`${edge.url}/api/auth/get-session`);
      for (let i = 0; i < 3; i++) expect((await ask(on)).status).toBe(200);
      expect((await ask(elsewhere)).status).toBe(200);
      expect((await ask(elsewhere)).status).toBe(429);
    } finally {
      await elsewhere.stop();
    }
  });
});

describe("a forgotten password", () => {
  const from = (address: string) => ({ "x-real-ip": address });

  test("can be replaced with the mailed link, once, and ends the old sessions", async () => {
    const ada = await on.signUp("Ada");
    const asked = await post(
      "request-password-reset",
      { email: ada.email, redirectTo: "/reset-password" },
      from("10.0.0.1"),
    );
    expect(asked.status).toBe(200);
    const link = /https?:\S+/.exec(on.mails.at(-1)?.text ?? "")?.[0] ?? "";
    const led = await fetch(link, { redirect: "manual" });
    const token = new URL(led.headers.get("location") ?? "").searchParams.get("token");
    const newPassword = "another password";
    const reset = () => post("reset-password", { newPassword, token }, from("10.0.0.1"));
    expect((await reset()).status).toBe(200);
    expect((await reset()).status).toBe(400);
    await expect(ada.api.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHORIZED" } });
    await signIn(on.url, { email: ada.email, password: newPassword });
    expect(on.logged.join()).not.toContain(token);
  });

  test("gives the same answer for an address nobody has, and mails nothing", async () => {
    const ada = await on.signUp("Ada");
    const before = on.mails.length;
    const known = await post("request-password-reset", { email: ada.email }, from("10.0.0.2"));
    const unknown = await post("request-password-reset", { email: "no@x.test" }, from("10.0.0.2"));
    expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()]);
    expect(on.mails.length).toBe(before + 1);
  });

  test("never leads to another site", async () => {
    const ada = await on.signUp("Ada");
    const asked = await post(
      "request-password-reset",
      { email: ada.email, redirectTo: "https://evil.example/reset" },
      from("10.0.0.3"),
    );
    expect(asked.status).toBe(403);
  });
});

test("a broken database is described in the log only, without the values it was asked for", async () => {
  const printed = vi.spyOn(console, "error");
  const { database } = on.operations;
  await database.write(["ALTER TABLE auth_user RENAME TO auth_user_away"]);
  const email = "somebody@example.test";
  const response = await post("sign-in/email", { email, password: "a password" });
  await database.write(["ALTER TABLE auth_user_away RENAME TO auth_user"]);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/select|auth_user|sqlite|no such/i);
  expect(on.logged.join()).toContain("no such table");
  expect(on.logged.join()).not.toContain(email);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

test("no password, cookie or key is ever in the log", async () => {
  const who = { name: "Canary", email: "canary@example.test", password: "a canary's password" };
  const cookie = cookieOf(await post("sign-up/email", who));
  const customer = httpClient(on.url, { cookie, origin: on.url });
  const key = await customer.runnerKeys.create.mutate({ name: "canary" });
  const api = httpClient(on.url, { authorization: `Bearer ${key.secret}` });
  await api.runner.targets.query();
  await post("sign-in/email", { email: who.email, password: "canary-password" });
  const log = on.logged.join();
  const token = decodeURIComponent(cookie.split("=")[1] ?? "").split(".")[0] as string;
  for (const secret of [who.password, "canary-password", key.secret, cookie, token]) {
    expect(log).not.toContain(secret);
  }
});
