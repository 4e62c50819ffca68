import type { AccountId } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { anAccount, databases, NOON, type TempDatabase, unique } from "../testing/index.ts";
import {
  findPaymentMethod,
  listCardsToDetach,
  listPaymentMethods,
  makeDefault,
  noteAllDetached,
  noteDetached,
  removePaymentMethod,
  savePaymentMethod,
} from "./payment-methods.ts";

describe.each(databases)("saved cards in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    accountId = (await anAccount(db)).id;
  });

  const aCard = (of = accountId) => ({
    id: `pm_${unique()}`,
    accountId: of,
    customerId: "cus_1",
    brand: "visa",
    last4: "4242",
    expMonth: 12,
    expYear: 2030,
    fingerprint: null,
  });
  const defaults = async () =>
    (await listPaymentMethods(db, accountId)).filter((card) => card.isDefault).map(({ id }) => id);

  test("the first card becomes the default, a later one does not", async () => {
    const [first, second] = [aCard(), aCard()];
    await db.write([savePaymentMethod(first, NOON), savePaymentMethod(second, NOON + 1)]);
    expect(await findPaymentMethod(db, accountId, first.id)).toEqual({ ...first, isDefault: true });
    expect(await defaults()).toEqual([first.id]);
  });

  test("making another card the default leaves one default", async () => {
    const [first, second] = [aCard(), aCard()];
    await db.write([savePaymentMethod(first, NOON), savePaymentMethod(second, NOON + 1)]);
    await db.write(makeDefault(accountId, second.id, NOON + 2));
    expect(await defaults()).toEqual([second.id]);
  });

  test("a card that was removed meanwhile does not become the default, and the old one stays it", async () => {
    const [first, second] = [aCard(), aCard()];
    await db.write([savePaymentMethod(first, NOON), savePaymentMethod(second, NOON + 1)]);
    await db.write(removePaymentMethod(accountId, second.id, NOON + 2));
    await db.write(makeDefault(accountId, second.id, NOON + 3));
    expect(await defaults()).toEqual([first.id]);
  });

  test("a removed card is gone, the newest other one takes over, and the gateway is still to be told", async () => {
    const [first, second, third] = [aCard(), aCard(), aCard()];
    await db.write([first, second, third].map((card, at) => savePaymentMethod(card, NOON + at)));
    await db.write(removePaymentMethod(accountId, first.id, NOON + 5));
    expect(await findPaymentMethod(db, accountId, first.id)).toBeNull();
    expect(await defaults()).toEqual([third.id]);
    expect(await listCardsToDetach(db, 100)).toContain(first.id);
    await db.write(noteDetached(first.id, NOON + 6));
    expect(await listCardsToDetach(db, 100)).not.toContain(first.id);
  });

  test("a card the gateway let go of is removed here, and another one becomes the default", async () => {
    const [card, other] = [aCard(), aCard()];
    await db.write([savePaymentMethod(card, NOON), savePaymentMethod(other, NOON + 1)]);
    await db.write(noteDetached(card.id, NOON + 2));
    expect(await defaults()).toEqual([other.id]);
    await db.write(noteDetached(other.id, NOON + 3));
    expect(await listPaymentMethods(db, accountId)).toEqual([]);
  });

  test("a newer expiry is taken over; another account cannot take the card over", async () => {
    const card = aCard();
    await db.write([savePaymentMethod(card, NOON)]);
    await db.write([savePaymentMethod({ ...card, expYear: 2033, last4: "1111" }, NOON + 1)]);
    expect(await findPaymentMethod(db, accountId, card.id)).toMatchObject({
      expYear: 2033,
      last4: "1111",
    });
    const stranger = (await anAccount(db)).id;
    await db.write([savePaymentMethod({ ...card, accountId: stranger, last4: "6666" }, NOON + 2)]);
    expect(await findPaymentMethod(db, stranger, card.id)).toBeNull();
    expect(await findPaymentMethod(db, accountId, card.id)).toMatchObject({ last4: "1111" });
  });

  test("a customer who is gone takes its cards along, and another customer's card takes over", async () => {
    const [gone, left] = [aCard(), { ...aCard(), customerId: "cus_2" }];
    const neighbours = aCard((await anAccount(db)).id);
    const cards = [gone, left, neighbours];
    await db.write(cards.map((card, at) => savePaymentMethod(card, NOON + at)));
    await db.write(noteAllDetached({ accountId, customerId: "cus_1" }, NOON + 5));
    expect((await listPaymentMethods(db, accountId)).map(({ id }) => id)).toEqual([left.id]);
    expect(await defaults()).toEqual([left.id]);
    expect(await listPaymentMethods(db, neighbours.accountId)).toHaveLength(1);
    expect(await listCardsToDetach(db, 10)).not.toContain(gone.id);
  });
});
