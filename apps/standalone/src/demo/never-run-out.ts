import type { ActivityItem } from "@scanmeter/contracts/live";
import type { Tour } from "./tour.ts";
import { TourStop } from "./tour-stop.ts";
import { creditsWords, moneyWords, timeWords } from "./words.ts";
import { WrappedCommand } from "./wrapped-command.ts";

/** Few enough that the last one is soon gone. */
const QUANTITY = 2;
/** Of the test clock: an hour takes six seconds. */
const RATE = 600;
const LABEL = "tour";

/** Credits are bought when the last one is taken: first in time, then with a card that is declined. */
export async function neverRunOut(tour: Tour): Promise<void> {
  await switchOn(tour);
  const { calls, url, runner, seen, say } = tour;
  const key = await calls.runnerKeys.create.mutate({ name: "Tour" });
  const { rate } = await calls.sandbox.clock.query();
  say(`\n3. A command is wrapped as a metered scan, and an hour takes ${3_600 / RATE} seconds`);
  const target = await findTarget(tour);
  const wrapped = { url, key: key.secret, target, label: LABEL };
  const command = new WrappedCommand({ runner, ...wrapped, seen, say });
  try {
    // From here on its line is open, so a fast clock cannot lose it.
    await seen.until("the runner starts the scan", () => command.said(/^scanmeter: scan \S+ of/));
    await calls.sandbox.setRate.mutate({ rate: RATE });
    await scanOn(tour, command);
  } finally {
    await command.close();
    // Also where the sandbox is gone, which is not what the tour should end with then.
    await Promise.allSettled([
      calls.sandbox.setRate.mutate({ rate }),
      calls.runnerKeys.revoke.mutate({ runnerKeyId: key.id }),
    ]);
  }
}

async function switchOn({ calls, account, seen, say }: Tour): Promise<void> {
  say("\n2. Auto top-up is switched on, in Account Overview");
  const card = await calls.sandbox.addTestCard.mutate({ card: "pm_card_visa" });
  await calls.account.setWhenOutOfCredits.mutate({ value: "pause" });
  const wanted = {
    enabled: true,
    quantity: QUANTITY,
    triggers: { outOfCredits: true, beforeExpiry: true },
    threshold: 0,
    monthlyLimitMinor: null,
  };
  const preview = await calls.autoTopUp.preview.query(wanted);
  if (preview.chargesNow === null)
    throw new TourStop("Not seen: a purchase at once where no credits are left.");
  say(`The customer agrees: "${preview.sentence}"`);
  say("No credits are left, so it charges at once.");
  const { revision } = await calls.autoTopUp.get.query();
  await calls.autoTopUp.save.mutate({
    ...wanted,
    surface: "overview",
    revision,
    expectedTotalMinor: preview.totalMinor,
  });
  await seen.until(
    "the first automatic purchase",
    () => account.frame.balance.available === QUANTITY,
  );
  const price = moneyWords(preview.totalMinor, preview.currency);
  say(`Paid ${price} with the card that ends in ${card.last4}.`);
}

async function findTarget({ calls }: Tour): Promise<string> {
  const targets = await calls.targets.list.query();
  const target =
    targets.find(({ mode, archivedAt }) => mode === "credits" && archivedAt === null) ??
    (await calls.targets.create.mutate({ url: "http://127.0.0.1:8080/", mode: "credits" }));
  return target.url;
}

async function scanOn({ calls, account, seen, say }: Tour, command: WrappedCommand): Promise<void> {
  const { postings } = account;
  const after = (since: ActivityItem, kind: string) =>
    postings.find((posting) => posting.version > since.version && posting.kind === kind);
  const hour = (n: number) =>
    seen.until(`hour ${n} of the scan is paid`, () =>
      postings.find(({ text }) => text === `Hour ${n} of ${LABEL}`),
    );

  const started = await hour(1);
  const second = await hour(2);
  await seen.until("credits are bought when the last one is taken", () => after(second, "grant"));
  say("The last credit was taken, and more were bought in time for hour 3.");

  const bad = await calls.sandbox.addTestCard.mutate({ card: "pm_card_chargeCustomerFail" });
  say(`\n4. The card is changed for one that will be declined (it ends in ${bad.last4})`);
  await hour(3);
  if (after(started, "scan_paused"))
    throw new TourStop("Not seen: a scan that goes on into hour 3 without a pause.");
  const fourth = await hour(4);
  const paused = await seen.until("the scan is paused for want of credits", () =>
    after(fourth, "scan_paused"),
  );
  await seen.until("the runner stops the command", () => command.said(/paused: no credits left/));
  const [declined] = (await calls.topUps.list.query({ limit: 1 })).items;
  const { status, wayOut, until } = await calls.autoTopUp.get.query();
  if (!declined?.lastError || declined.paidAt !== null || wayOut !== "change_card") {
    throw new TourStop(`Not seen: a declined purchase with a way out (it is ${status}).`);
  }
  const again = until === null ? "" : ` It is tried again at ${timeWords(until)}.`;
  say(`The page says: ${declined.lastError.message}${again}`);

  const good = await calls.sandbox.addTestCard.mutate({ card: "pm_card_mastercard" });
  const addedAt = performance.now();
  say(`The customer adds a card that works (it ends in ${good.last4}).`);
  await seen.until("the scan goes on by itself", () => after(paused, "scan_resumed"));
  await seen.until("the runner lets the command go on", () => command.said(/^scanmeter: resumed/));
  const seconds = ((performance.now() - addedAt) / 1_000).toFixed(1);
  say(`The scan went on by itself, ${seconds} s after the new card.`);
  await calls.paymentMethods.remove.mutate({ paymentMethodId: bad.id });

  // An hour that ends in the very instant it begins costs nothing.
  await calls.sandbox.advance.mutate({ by: { minutes: 5 } });
  const exitCode = await command.finish();
  if (exitCode !== 0 || !command.said(/scan finished: 5 credits/)) {
    throw new TourStop(`Not seen: a finished scan of 5 credits (exit code ${exitCode}).`);
  }
  await seen.until("the end of the scan", () => after(paused, "scan_ended"));
  say(`Five hours cost ${creditsWords(5)}; a sixth would cost nothing.`);
}
