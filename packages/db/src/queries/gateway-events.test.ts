import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { databases, NOON, type TempDatabase, unique } from "../testing/index.ts";
import {
  addGatewayEvent,
  eventFailed,
  eventHandled,
  findWaitingEvent,
  listDueEvents,
} from "./gateway-events.ts";

describe.each(databases)("the inbox in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  const anEvent = () => ({
    id: `evt_${unique()}`,
    type: "payment_intent.succeeded",
    objectId: "pi_1",
    paymentIntentId: "pi_1",
    topUpId: null,
    createdAt: NOON,
    livemode: false,
    apiVersion: "2026-10-28.endive",
    payload: "{}",
  });

  test("an event is stored once, however often it comes, and waits as it came", async () => {
    const event = anEvent();
    const written = [];
    for (const at of [NOON, NOON + 1]) {
      const [result] = await db.write([addGatewayEvent({ ...event, payload: `{"at":${at}}` }, at)]);
      written.push(result?.rowsAffected);
    }
    expect(written).toEqual([1, 0]);
    const payload = `{"at":${NOON}}`;
    expect(await findWaitingEvent(db, event.id)).toEqual({ ...event, payload, attempts: 0 });
  });

  test("an event waits until it was handled; one that failed is due again later", async () => {
    const event = anEvent();
    await db.write([addGatewayEvent(event, NOON)]);
    expect(await listDueEvents(db, NOON, 100)).toContain(event.id);
    await db.write([eventFailed(event.id, NOON + 5_000)]);
    expect(await listDueEvents(db, NOON + 4_999, 100)).not.toContain(event.id);
    expect(await listDueEvents(db, NOON + 5_000, 100)).toContain(event.id);
    expect((await findWaitingEvent(db, event.id))?.attempts).toBe(1);

    await db.write([eventHandled(event.id, "handled", NOON + 6_000)]);
    expect(await findWaitingEvent(db, event.id)).toBeNull();
    await db.write([eventFailed(event.id, NOON + 9_000), addGatewayEvent(event, NOON + 9_000)]);
    expect(await listDueEvents(db, NOON + 9_000, 100)).not.toContain(event.id);
  });
});
