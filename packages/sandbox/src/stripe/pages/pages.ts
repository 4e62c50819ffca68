/** The hosted pages and their addresses. Each answer is one transaction, like a call of the API. */
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import type { World } from "../world.ts";
import { showAddCard, submitCard } from "./add-card.ts";
import { answerChallenge, showChallenge } from "./challenge.ts";
import { showReceipt } from "./receipt.ts";

interface Pages {
  readonly world: World;
  readonly wire: (text: string) => string;
  readonly onChange: () => void;
}

export function addPages(app: Hono<{ Bindings: HttpBindings }>, pages: Pages): void {
  const within = (work: () => Response): Response => {
    pages.world.cause = { requestId: null, idempotencyKey: null };
    const response = pages.world.store.transaction(work);
    pages.onChange();
    return response;
  };
  app.get("/pay/:id", (c) =>
    within(() => showAddCard(pages, c.req.param("id"), c.req.query("answered") !== undefined)),
  );
  app.post("/pay/:id", async (c) => {
    const given = new URLSearchParams(await c.req.text());
    return within(() => submitCard(pages, c.req.param("id"), given));
  });
  app.get("/authenticate/:id", (c) => within(() => showChallenge(pages, c.req.param("id"))));
  app.post("/authenticate/:id", async (c) => {
    const answer = new URLSearchParams(await c.req.text()).get("answer");
    const known = answer === "approve" || answer === "fail" ? answer : "close";
    return within(() => answerChallenge(pages, c.req.param("id"), known));
  });
  app.get("/receipts/:id", (c) => within(() => showReceipt(pages.world, c.req.param("id"))));
}
