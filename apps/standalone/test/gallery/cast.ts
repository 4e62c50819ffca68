/**
 * The people the pages are shown for, each in a situation of their own: what one of them sees,
 * another does not disturb.
 */
import { accepted, mutate } from "../support/call.ts";
import type { Program } from "../support/program.ts";
import type { Shop } from "../support/shop.ts";
import { Person } from "./person.ts";

const HISTORY_DAYS = 75;
const DAY = 86_400_000;

export interface Cast {
  /** Has used the product for months: purchases, ended and running scans, automatic top-ups, a team. */
  readonly regular: Person;
  /** A member of the regular's account, without a say in money. */
  readonly mate: Person;
  /** Invited to the regular's account, and has not answered. */
  readonly invited: Person;
  /** Signed up a moment ago. */
  readonly newcomer: Person;
  /** Without a credit, and with a scan that waits for one. */
  readonly depleted: Person;
  /** Has a card and billing details, and buys. */
  readonly buyer: Person;
  /** Automatic top-ups are saved, but there is no card. */
  readonly cardless: Person;
  readonly declined: Person;
  /** The bank wants an automatic purchase confirmed. */
  readonly asked: Person;
  /** Has used up what automatic top-ups may cost in a month. */
  readonly limited: Person;
}

const runners = new Set<Program>();

export async function gather(shop: Shop): Promise<Cast> {
  const signUp = (name: string) => Person.signUp(shop, name);
  const regular = await signUp("Ada Marsh");
  const portal = await spendMonths(shop, regular);
  const depleted = await signUp("Dora Blank");
  await depleted.makesKey("CI");
  await depleted.addsTarget("Shop");
  await depleted.isGiven(1);
  runners.add(await depleted.runs("Nightly scan", "Shop"));
  runners.add(await regular.runs("Nightly scan", "Shop"));
  await advance(shop, { hours: 2 });
  runners.add(await regular.runs("Release check", "Customer portal"));
  const scanId = await regular.startsScan(portal, "Ad hoc check");
  await regular.does("scans.pause", { scanId });

  const [mate, invited, newcomer, buyer] = [
    await signUp("Miro Kovac"),
    await signUp("Ines Faro"),
    await signUp("Noor Haddad"),
    await signUp("Ben Ortiz"),
  ];
  await joins(regular, mate);
  await regular.does("members.invite", { email: invited.email, role: "billing" });
  await buyer.isGiven(4);
  await buyer.savesBilling();
  await buyer.addsCard();

  const [cardless, declined, asked, limited] = [
    await signUp("Carla Voss"),
    await signUp("Dev Rao"),
    await signUp("Asta Lind"),
    await signUp("Lou Meyer"),
  ];
  await cardless.toppedUpBy(25);
  await hasCard(declined, "pm_card_chargeCustomerFail");
  await declined.toppedUpBy(10);
  await hasCard(asked, "pm_card_authenticationRequired");
  await asked.toppedUpBy(10);
  await hasCard(limited, "pm_card_visa");
  await limited.toppedUpBy(2, { monthlyLimitMinor: 4_000 });
  await limited.makesKey("CI");
  const target = await limited.addsTarget("Shop");
  await limited.has(2);
  for (let spent = 0; spent < 2; spent += 1) await limited.scans(target, "Nightly scan");
  return {
    regular,
    mate,
    invited,
    newcomer,
    depleted,
    buyer,
    cardless,
    declined,
    asked,
    limited,
  };
}

/** While the product still runs: a scanner that is paused is only let go by its runner. */
export async function dismiss(): Promise<void> {
  await Promise.all([...runners].map((runner) => runner.stop()));
}

/** Months of scanning and buying. Answers a target. */
async function spendMonths(shop: Shop, person: Person): Promise<string> {
  await hasCard(person, "pm_card_mastercard");
  await person.addsCard();
  const inDays = async (days: number) => new Date((await shop.now()) + days * DAY).toISOString();
  await person.isGiven(10, { kind: "free", expires: await inDays(60) });
  await person.buys(50);
  await person.makesKey("Build server");
  const portal = await person.addsTarget("Customer portal");
  const targets = [
    await person.addsTarget("Shop"),
    portal,
    await person.addsTarget("Intranet", "unlimited"),
  ];
  let nth = 0;
  for (let day = 0; day < HISTORY_DAYS; day += 2) {
    for (let today = 0; today <= day % 3; today += 1) {
      const how = nth % 11 === 7 ? { outcome: "failed", fault: "platform" } : undefined;
      const label = nth % 3 === 1 ? "Release check" : "Nightly scan";
      await person.scans(targets[nth % targets.length] ?? portal, label, how);
      nth += 1;
    }
    if (day === 30) await person.buys(25);
    if (day === 50) await person.toppedUpBy(25, { monthlyLimitMinor: 60_000 });
    await advance(shop, { days: 2 });
  }
  await person.isGiven(5, { kind: "free", expires: await inDays(20) });
  return portal;
}

async function hasCard(person: Person, card: string): Promise<void> {
  await person.savesBilling();
  await person.addsCard(card);
}

async function joins(owner: Person, person: Person): Promise<void> {
  await owner.does("members.invite", { email: person.email, role: "member" });
  await person.does("members.accept", { token: await person.readsInvitation() });
  await person.does("accounts.switchTo", { accountId: owner.accountId });
}

async function advance({ url }: Shop, by: object): Promise<void> {
  await accepted(mutate({ url, headers: {} }, "sandbox.advance", { by }));
}
