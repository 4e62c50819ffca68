/** Money that is given back on a running product: by the operator, elsewhere, and while all goes on. */
import { fileURLToPath } from "node:url";
import type { ScanView } from "@scanmeter/contracts/scans";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/call.ts";
import { runOps } from "../support/product.ts";
import { Program } from "../support/program.ts";
import { BackOffice, SOON } from "./back-office.ts";
import { ASKS_THE_BANK, WORKS } from "./buyer.ts";
import { bought } from "./outcome.ts";
import { World } from "./world.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const REFUND = "/v1/refunds";
const NEWS_OF_REFUNDS = ["refund.*", "charge.*"];

let world: World;
let office: BackOffice;
beforeAll(async () => {
  world = await World.begin();
  office = new BackOffice(world);
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

const sumOf = (refunds: readonly { readonly amount: number }[]) =>
  refunds.reduce((sum, { amount }) => sum + amount, 0);

describe("npm run ops -- refund", () => {
  test("case 64: gives back what is unspent at the price that was paid, once per key, and no more", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    const { topUpId, totalMinor } = purchase;
    await office.spends(ada, 4);
    const most = Math.round(totalMinor * 0.6);
    const fifth = Math.round(totalMinor * 0.2);

    expect(await office.refund(purchase, "--credits", "7")).toEqual({
      exitCode: 1,
      ok: false,
      code: "not_refundable",
      said: `Purchase ${topUpId} cannot be refunded: at most 6 credits can be refunded, EUR ${(most / 100).toFixed(2)}.`,
    });
    for (const _ of ["asked", "asked again"])
      expect(await office.refund(purchase, "--credits", "2", "--key", "two")).toMatchObject({
        exitCode: 0,
        result: { status: "succeeded", credits: 2, amountMinor: fifth },
      });
    expect(await office.refundsThere(purchase)).toMatchObject([{ amount: fifth }]);
    expect(await office.refund(purchase)).toMatchObject({ exitCode: 0, result: { credits: 4 } });

    expect(sumOf(await office.refundsThere(purchase))).toBe(most);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 6 });
    expect(await office.stands(ada, purchase)).toEqual({
      available: 0,
      frozen: 0,
      debt: 0,
      settlement: "partially_refunded",
    });
    expect(await office.documents(purchase)).toEqual([
      ["invoice", totalMinor],
      ["credit_note", fifth],
      ["credit_note", most - fifth],
    ]);
    const mails = ["credit_note", "credit_note", "receipt"];
    await world.ends(ada, { ...bought(), invoices: 3, mails });
    const documents = async () =>
      (await world.mailsTo(ada)).filter(({ subject }) => /invoice|credit note/.test(subject));
    await expect.poll(documents, SOON).toHaveLength(3);
    expect(await office.alerts(ada)).toEqual([]);
  });

  test("is what npm runs, for people and, with --json, for programs", async () => {
    const ada = await world.buyer();
    const { topUpId, totalMinor } = await office.buys(ada);
    const one = Math.round(totalMinor / 10);
    const npmRunOps = async (...args: string[]) => {
      const env = { DATA_DIR: world.product.dataDir, HOME: process.env.HOME ?? "/" };
      const command = ["run", "--silent", "ops", "--", ...args];
      const { code, output, errors } = await new Program("npm", command, { cwd: root, env }).ended;
      expect(code, output + errors).toBe(0);
      return output.trim();
    };
    const refund = ["refund", "--top-up", topUpId, "--credits", "1", "--key", "npm"];
    const said = await npmRunOps(...refund);
    expect(said).toMatch(
      `Refunded 1 credit of purchase ${topUpId} for EUR ${(one / 100).toFixed(2)} (rfd_`,
    );
    expect(JSON.parse(await npmRunOps(...refund, "--json"))).toMatchObject({ ok: true, said });
    expect(await office.balanceOf(ada)).toMatchObject({ available: 9 });
  });

  test("says no in one clear sentence, and then nothing has happened", async () => {
    const ada = await world.buyer(ASKS_THE_BANK);
    const unpaid = await office.isAtTheBank(ada);
    await ada.addCard(WORKS);
    const bob = await world.buyer();
    const paid = await office.buys(bob);
    expect(await office.refund(paid, "--credits", "1", "--key", "used")).toMatchObject({
      ok: true,
    });

    const saidTo = async (...args: string[]) => {
      const { code, output, errors } = await runOps(world.product.dataDir, "refund", ...args);
      expect(code).toBe(1);
      return `${output}${errors}`.trim();
    };
    expect(await saidTo("--top-up", "2026-999999")).toBe("There is no purchase 2026-999999.");
    expect(await saidTo("--top-up", unpaid.topUpId)).toBe(
      `Purchase ${unpaid.topUpId} cannot be refunded: it was not paid.`,
    );
    expect(await saidTo("--top-up", paid.topUpId, "--credits", "2", "--key", "used")).toBe(
      "This --key was used for another refund; choose a new one.",
    );
    await world.stripe.fails({ method: "get", path: "/v1/*", kind: "error_429", times: 0 });
    expect(await saidTo("--top-up", paid.topUpId)).toBe(
      "The payment provider did not answer, so nothing was refunded; try again.",
    );
    await world.stripe.behaves();
    expect(sumOf(await office.refundsThere(paid))).toBe(Math.round(paid.totalMinor / 10));

    expect(await office.refund(paid)).toMatchObject({ ok: true, result: { credits: 9 } });
    expect(await saidTo("--top-up", paid.topUpId)).toBe(
      `Purchase ${paid.topUpId} cannot be refunded: none of its credits are left.`,
    );
    expect(sumOf(await office.refundsThere(paid))).toBe(paid.totalMinor);
    expect(await office.stands(bob, paid)).toMatchObject({ available: 0, settlement: "refunded" });
  });

  test("case 65: that gets no answer is made once, and the operator has to ask no second time", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    // Nor is an event of it made, so that only asking again can find out.
    await world.stripe.tells({ types: NEWS_OF_REFUNDS, action: "vanish" });
    await world.stripe.fails({ path: REFUND, kind: "reset", phase: "after", times: 2 });
    const asked = await office.refund(purchase, "--credits", "3");
    expect(asked).toMatchObject({ exitCode: 0, result: { status: "starting" } });
    expect(asked.said).toMatch(/is under way .* Nobody has to ask again\.$/);
    expect(await office.stands(ada, purchase)).toMatchObject({
      available: 7,
      settlement: "refund_pending",
    });

    await world.advance({ minutes: 1 });
    await expect
      .poll(() => office.stands(ada, purchase), SOON)
      .toMatchObject({ available: 7, settlement: "partially_refunded" });
    expect(await office.refundsThere(purchase)).toHaveLength(1);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 3 });
    await world.ends(ada, { ...bought(), invoices: 2, mails: ["credit_note", "receipt"] });
  });

  test("case 66: that is pending takes its credits once, and has its credit note when it is through", async () => {
    const ada = await world.buyer("pm_card_pendingRefund");
    const purchase = await office.buys(ada);
    await world.stripe.control("POST", "/clock", { frozen: true });
    const pending = await office.refund(purchase, "--credits", "4");
    expect(pending.said).toMatch(/is under way .*: pending\. Nobody has to ask again\.$/);
    expect(await office.stands(ada, purchase)).toMatchObject({ settlement: "refund_pending" });
    expect(await office.kindsOfDocuments(purchase)).toEqual(["invoice"]);
    await world.stripe.control("POST", "/clock", { frozen: false });

    const [refund] = await office.refundsThere(purchase);
    await office.endsRefund(refund?.id ?? "", "succeeded");
    expect(await office.stands(ada, purchase)).toMatchObject({
      available: 6,
      settlement: "partially_refunded",
    });
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 4 });
    expect(await office.documents(purchase)).toEqual([
      ["invoice", purchase.totalMinor],
      ["credit_note", Math.round(purchase.totalMinor * 0.4)],
    ]);
    await world.ends(ada, { ...bought(), invoices: 2, mails: ["credit_note", "receipt"] });
  });

  test("case 67: that fails in the end gives the credits back, cancels its credit note and tells somebody", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    await office.refund(purchase, "--credits", "4");
    const [refund] = await office.refundsThere(purchase);
    await office.endsRefund(refund?.id ?? "", "failed");
    expect(await office.stands(ada, purchase)).toMatchObject({ available: 10, settlement: "none" });
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 0 });
    const documents = ["invoice", "credit_note", "cancellation"];
    expect(await office.kindsOfDocuments(purchase)).toEqual(documents);
    expect(await office.alerts(ada)).toMatchObject([
      { kind: "refund_failed", times: 1, text: expect.stringContaining(purchase.topUpId) },
    ]);
  });

  test("case 69: while credits are being spent never takes what is gone: one of the two loses cleanly", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada, 40);
    let isOver = false;
    const refunding = office.refund(purchase, "--credits", "25").finally(() => {
      isOver = true;
    });
    const answers: Answer<ScanView>[] = [];
    const spendWhileItLasts = async () => {
      while (!isOver) answers.push(await office.startsScan(ada));
    };
    await Promise.all(Array.from({ length: 4 }, spendWhileItLasts));
    const refund = await refunding;
    for (let { available } = await office.balanceOf(ada); available >= 0; available -= 1)
      answers.push(await office.startsScan(ada));

    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.data.refusal]));
    expect(new Set(refused.map((one) => one?.code))).toEqual(new Set(["insufficient_credits"]));
    if (!refund.ok) expect(refund.code).toBe("not_refundable");
    const removed = refund.ok ? 25 : 0;
    expect(answers.length - refused.length).toBe(40 - removed);
    expect(await office.booked(purchase)).toEqual({ granted: [40], removed });
    expect(await office.refundsThere(purchase)).toHaveLength(refund.ok ? 1 : 0);
    expect(await office.balanceOf(ada)).toEqual({ available: 0, frozen: 0, debt: 0 });
  });

  test("case 65: during which the product is killed is made once when it is back", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    const isCarriedOut = await world.stripe.holdsBack(REFUND);
    const asking = office.refund(purchase, "--credits", "3").catch((error: Error) => error);
    await isCarriedOut();
    await world.kill();
    expect(await asking).toBeInstanceOf(Error);
    await world.restart();
    await world.advance({ minutes: 1 });
    await expect
      .poll(() => office.stands(ada, purchase), SOON)
      .toMatchObject({ available: 7, settlement: "partially_refunded" });
    expect(await office.refundsThere(purchase)).toMatchObject([{ status: "succeeded" }]);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 3 });
    await world.ends(ada, { ...bought(), invoices: 2, mails: ["credit_note", "receipt"] });
  });
});

test("case 68: a refund in the dashboard, in three parts, told backwards and twice, takes what its money stands for", async () => {
  const ada = await world.buyer();
  const purchase = await office.buys(ada);
  await world.quiet();
  await world.stripe.tells({ types: NEWS_OF_REFUNDS, action: "hold" });
  await world.stripe.tells({ types: NEWS_OF_REFUNDS, action: "duplicate" });
  for (const _ of ["one", "two", "three"])
    await office.refundsElsewhere(purchase, Math.round(purchase.totalMinor / 5));
  expect(await office.balanceOf(ada)).toMatchObject({ available: 10 });
  await world.stripe.behaves();
  await world.stripe.release("reverse");
  await world.quiet();

  expect(await office.stands(ada, purchase)).toEqual({
    available: 4,
    frozen: 0,
    debt: 0,
    settlement: "partially_refunded",
  });
  expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 6 });
  const notes = ["credit_note", "credit_note", "credit_note"];
  expect(await office.kindsOfDocuments(purchase)).toEqual(["invoice", ...notes]);
  await world.ends(ada, { ...bought(), invoices: 4, mails: [...notes, "receipt"] });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
