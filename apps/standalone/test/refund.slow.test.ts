/** The operator's refund, as it is typed: beside the running product, and without it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckoutView, PaymentMethodView } from "@scanmeter/contracts/checkout";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { accepted, type Caller, mutate, query } from "./support/call.ts";
import { overviewOf } from "./support/customer.ts";
import { launch, stopLaunched } from "./support/launched.ts";
import { buildProduct, runOps } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

let dataDir: string;

beforeAll(() => buildProduct("web", "standalone", "local-stripe"));
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "refund-"));
});
afterEach(async () => {
  await stopLaunched();
  await endPrograms();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Ten credits, paid with the demo person's card. */
async function buy(demo: Caller): Promise<string> {
  const [card] = await accepted(query<PaymentMethodView[]>(demo, "paymentMethods.list"));
  const order = { quantity: 10, idempotencyKey: "the-order" };
  const { id: checkoutId } = await accepted(mutate<CheckoutView>(demo, "checkout.open", order));
  const { quote } = await accepted(
    mutate<CheckoutView>(demo, "checkout.setPayment", { checkoutId, paymentMethodId: card?.id }),
  );
  const expectedTotalMinor = quote.totalMinor;
  await accepted(mutate(demo, "checkout.finalize", { checkoutId, expectedTotalMinor }));
  const { items } = await accepted(
    query<{ items: { id: string; status: string }[] }>(demo, "topUps.list", {}),
  );
  return items[0]?.id ?? "";
}

test("gives unspent credits back once per key, says what is too much, and adds up", async () => {
  const { demo } = await launch({ DATA_DIR: dataDir });
  const topUpId = await buy(demo);
  const { paid } = (await overviewOf(demo)).balance;
  const ops = (...args: string[]) => runOps(dataDir, "refund", "--top-up", topUpId, ...args);

  for (const _ of ["once", "again"]) {
    const refunded = await ops("--credits", "4", "--key", "one", "--json");
    expect(refunded.code).toBe(0);
    expect(JSON.parse(refunded.output)).toMatchObject({
      ok: true,
      result: { topUpId, credits: 4, status: "succeeded" },
    });
  }
  expect((await overviewOf(demo)).balance).toMatchObject({ paid: paid - 4, debt: 0 });

  const tooMuch = await ops("--credits", "7");
  expect(tooMuch.code).toBe(1);
  expect(tooMuch.output).toMatch(/cannot be refunded: at most 6 credits can be refunded, EUR /);
  expect((await ops("--credits", "5", "--key", "one")).output).toMatch(/choose a new one/);
  const unknown = await runOps(dataDir, "refund", "--top-up", "top_unknown");
  expect(unknown.output.trim()).toBe("There is no purchase top_unknown.");
  expect((await runOps(dataDir, "audit")).code).toBe(0);
});

test("on a stopped sandbox says in one sentence that the product must run", async () => {
  const { demo, program } = await launch({ DATA_DIR: dataDir });
  const topUpId = await buy(demo);
  await program.stop();
  const refused = await runOps(dataDir, "refund", "--top-up", topUpId);
  expect(refused.code).toBe(1);
  expect(refused.errors.trim()).toMatch(/^A refund needs the payment provider, [^\n]*\.$/);
});
