/** A socket is for the account it was opened for, also while another process is told of another one. */
import { chooseAccount } from "@scanmeter/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBareSocket } from "../testing/clients.ts";
import { joinAs } from "../testing/members.ts";
import { startTestEdge, type TestEdge } from "../testing/test-edge.ts";

let on: TestEdge;

// Nobody looks after open sockets, and each call finds what another process stored just before.
beforeAll(async () => {
  on = await startTestEdge({ limits: { identityCheckEveryMs: 600_000, sessionBelievedMs: 0 } });
});
afterAll(() => on.stop());

test("nothing of another account comes over it, so nothing goes on when that one is left", async () => {
  const ada = await on.signUp("Ada");
  const mate = await on.signUp("Mate");
  const cookie = await joinAs(on, mate, { accountId: ada.accountId, role: "member" });
  const act = async (accountId: string) => {
    const { rows } = await on.operations.database.read({
      sql: "SELECT token FROM auth_session WHERE user_id = ? ORDER BY rowid DESC LIMIT 1",
      args: [mate.userId],
    });
    const acting = { userId: mate.userId, sessionToken: rows[0]?.[0] as string };
    await on.operations.database.write(chooseAccount(acting, accountId));
  };
  await act(mate.accountId);
  const bare = await openBareSocket(on.url, { headers: { origin: on.url, cookie } });
  const ask = async (id: number) => {
    bare.send({ id, method: "subscription", params: { path: "account.live" } });
    type Said = {
      id?: number;
      error?: { data: { refusal: object } };
      result?: { type: string };
    };
    const said = await bare.until<Said>((one) => one.id === id && one.result?.type !== "started");
    return said.error?.data.refusal ?? said.result?.type;
  };
  await act(ada.accountId);
  expect(await ask(1)).toEqual({ code: "account_changed" });
  await act(mate.accountId);
  expect(await ask(2)).toBe("data");
  bare.socket.terminate();
});
