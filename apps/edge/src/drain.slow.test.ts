import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBareSocket } from "./testing/clients.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
beforeEach(async () => {
  on = await startTestEdge({ limits: { drainSlice: 2, drainSliceEveryMs: 20 } });
  ada = await on.signUp("Ada");
});
afterEach(() => on.stop());

const openPage = async () => {
  const page = await openBareSocket(on.url, { headers: { origin: on.url, cookie: ada.cookie } });
  page.send({ id: 1, method: "subscription", params: { path: "account.live" } });
  await page.until((message: { result?: { type: string } }) => message.result?.type === "data");
  return page;
};

describe("an edge that is being shut down", () => {
  test("asks every page to come back, then closes with 'come back'", async () => {
    const pages = await Promise.all(Array.from({ length: 5 }, openPage));
    await on.edge.drain();
    expect(await Promise.all(pages.map(({ closed }) => closed))).toEqual(Array(5).fill(1012));
    for (const { messages } of pages) {
      expect(messages).toContainEqual({ id: null, method: "reconnect" });
    }
  });

  test("takes nobody new", async () => {
    await on.edge.drain();
    await expect(fetch(`${on.url}/healthz`)).rejects.toThrow();
  });

  test("answers what it was asked before it closes", async () => {
    const page = await openPage();
    const { heldWrite, letGo } = holdWrites(on);
    page.send({
      id: 2,
      method: "mutation",
      params: { path: "targets.create", input: { url: "https://a.example", mode: "credits" } },
    });
    const overHttp = ada.api.targets.create.mutate({ url: "https://b.example", mode: "credits" });
    await heldWrite;
    const drained = on.edge.drain();
    await page.until((message: { method?: string }) => message.method === "reconnect");
    letGo();
    await drained;
    expect(await overHttp).toMatchObject({ url: "https://b.example/" });
    expect(page.messages).toContainEqual(
      expect.objectContaining({ id: 2, result: expect.objectContaining({ type: "data" }) }),
    );
    expect(await page.closed).toBe(1012);
  });

  test("may be told so twice", async () => {
    await Promise.all([on.edge.drain(), on.edge.drain()]);
  });

  test("is done in time when a page says nothing to the goodbye", async () => {
    const page = await openPage();
    page.socket.pause();
    const startedAt = performance.now();
    await on.edge.drain();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    page.socket.terminate();
  });
});

/** Commands wait before they are answered, as if the disk were slow. */
function holdWrites({ operations }: TestEdge) {
  const { createTarget } = operations;
  let letGo = () => {};
  let isHeld = () => {};
  const go = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let held = 0;
  const heldWrite = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  operations.createTarget = async (command) => {
    held += 1;
    if (held === 2) isHeld();
    await go;
    return createTarget(command);
  };
  return { heldWrite, letGo: () => letGo() };
}
