import { type Event, presentEvent } from "../resources/events.ts";
import { moveReceiver } from "../resources/webhook-endpoints.ts";
import { listDeliveries, release } from "../webhooks/deliveries.ts";
import { deliveryActions } from "../webhooks/delivery-rules.ts";
import { redeliver } from "../webhooks/record-event.ts";
import { get } from "../world.ts";
import { BadControl } from "./body.ts";
import type { Control } from "./control.ts";

const OLD_S = 301;

export const newsControls: readonly Control[] = [
  {
    method: "POST",
    path: "/receiver",
    does: "says where the program beside this one listens; what waits for it goes there too",
    fields: ["url", "secret"],
    run({ world: { store, clock } }, body) {
      const [url, secret] = [body.text("url"), body.text("secret")];
      if (!/^https?:\/\//.test(url) || !URL.canParse(url))
        throw new BadControl("url is no address.");
      if (secret === "") throw new BadControl("secret is empty.");
      return moveReceiver(store, { url, secret, created: clock.seconds() });
    },
  },
  {
    method: "GET",
    path: "/deliveries",
    does: "lists the newest 200 deliveries, newest first",
    run: ({ world }) => listDeliveries(world.store, 200),
  },
  {
    method: "GET",
    path: "/deliveries/rules",
    does: "lists the rules for deliveries",
    run: ({ rules }) => rules.list(),
  },
  {
    method: "POST",
    path: "/deliveries/rules",
    does: `spoils deliveries of the events that match; actions: ${deliveryActions.join(", ")}`,
    fields: ["types", "action", "skip", "times", "ms", "ageSeconds", "count"],
    run({ rules }, body) {
      const action = body.oneOf("action", deliveryActions);
      return rules.add({
        types: body.texts("types", ["*"]),
        action,
        skip: body.number("skip", 0),
        // Every time, unless said otherwise.
        times: body.maybeNumber("times"),
        by: action === "delay" ? body.number("ms", 1000) : body.number("ageSeconds", OLD_S),
        count: body.number("count", action === "reorder" ? 2 : 1),
      });
    },
  },
  {
    method: "DELETE",
    path: "/deliveries/rules",
    does: "removes all rules; what is held stays held",
    run: ({ rules }) => rules.clear(),
  },
  {
    method: "POST",
    path: "/deliveries/release",
    does: "lets held deliveries go: together, in the same order, or in reverse",
    fields: ["order"],
    run: ({ world }, body) => ({
      released: release(world.store, {
        order: body.oneOf("order", ["together", "same", "reverse"], "together"),
        now: world.clock.now(),
      }),
    }),
  },
  {
    method: "POST",
    path: "/events",
    does: "makes an event of anything, signed like every other: of unknown type, of another account, untrue",
    fields: ["type", "object", "livemode", "apiVersion"],
    run({ world, recorder }, body) {
      const object = body.raw("object");
      if (typeof object !== "object" || object === null) throw new BadControl("object is missing.");
      const apiVersion = body.text("apiVersion", "");
      return recorder(world, {
        type: body.text("type"),
        object,
        livemode: body.flag("livemode") ?? false,
        ...(apiVersion !== "" && { apiVersion }),
      });
    },
  },
  {
    method: "POST",
    path: "/events/*/redeliver",
    does: "delivers an event again, as often as said, all at once",
    fields: ["times"],
    run({ world }, body, id) {
      const event = get<Event>(world, "event", id);
      redeliver(world, event, body.number("times", 1));
      return presentEvent(world, event);
    },
  },
];
