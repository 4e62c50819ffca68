/** The page on which a customer adds a card: choose a test card or type a number, save, go back. */
import { type TestCard, testCards } from "../cards/test-cards.ts";
import { type CheckoutSession, enterCard, find } from "../resources/checkout-sessions.ts";
import type { SetupIntent } from "../resources/setup-intents.ts";
import { get, HERE, type World } from "../world.ts";
import { type Html, html } from "./html.ts";
import { page, redirect } from "./layout.ts";

const GROUPS: readonly [TestCard["group"], string][] = [
  ["works", "Works"],
  ["asks", "Asks the customer first"],
  ["refused", "Refused"],
  ["trouble", "Works, trouble follows"],
];

export interface AddCardPages {
  readonly world: World;
  readonly wire: (text: string) => string;
}

export function showAddCard(pages: AddCardPages, id: string, hasAnswered: boolean): Response {
  const session = findSession(pages.world, id);
  if (session === null) return unknownSession(pages);
  if (session.status === "expired") return expiredSession(pages, session);
  if (session.status === "complete")
    return hasAnswered ? redirect(successUrlOf(session)) : completeSessionPage(pages, session);
  const intent = get<SetupIntent>(pages.world, "setup_intent", session.setup_intent);
  return form(pages, session, intent.last_setup_error?.message ?? null);
}

export function submitCard(pages: AddCardPages, id: string, given: URLSearchParams): Response {
  const session = findSession(pages.world, id);
  if (session === null) return unknownSession(pages);
  if (session.status === "expired") return expiredSession(pages, session);
  const typed = (given.get("number") ?? "").trim();
  const entry = enterCard(pages.world, session, {
    number: typed === "" ? (given.get("card") ?? "") : typed,
    ...expiryOf(given.get("expiry") ?? ""),
  });
  switch (entry.kind) {
    case "complete":
      return redirect(successUrlOf(entry.session));
    case "challenge":
      return redirect(pages.wire(entry.url));
    case "refused":
      return form(pages, session, entry.message);
  }
}

function form(pages: AddCardPages, session: CheckoutSession, error: string | null): Response {
  const { businessName } = pages.world;
  const cancel = session.cancel_url;
  const body = html`
${error === null ? "" : html`<p class="error" role="alert">${error}</p>`}
<form method="post" action="/pay/${session.id}">
<fieldset><legend>Test card</legend><div class="choices">${GROUPS.map(choicesOf)}</div></fieldset>
<label><span class="label">Or a card number</span>
<input type="text" name="number" inputmode="numeric" autocomplete="off" maxlength="30" placeholder="4242 4242 4242 4242"></label>
<div class="row">
<label><span class="label">Expiry</span><input type="text" name="expiry" autocomplete="off" maxlength="7" placeholder="MM / YY"></label>
<label><span class="label">CVC</span><input type="text" name="cvc" inputmode="numeric" autocomplete="off" maxlength="4" placeholder="any"></label>
</div>
<p class="quiet">By saving your card you allow ${businessName} to charge it for future payments in
accordance with their terms.</p>
<div class="actions"><button type="submit">Save card</button>
${cancel === null ? "" : html`<a href="${cancel}">Cancel</a>`}</div>
</form>`;
  const leadsTo = [session.success_url, pages.wire(HERE)];
  return page({
    title: "Add a card",
    businessName,
    body,
    leadsTo,
    status: error === null ? 200 : 402,
  });
}

function choicesOf([group, title]: readonly [TestCard["group"], string]): Html {
  const cards = testCards.filter((card) => card.group === group);
  return html`<div class="group">${title}</div>${cards.map(choiceOf)}`;
}

function choiceOf(card: TestCard): Html {
  const checked = card.id === "pm_card_visa" ? html` checked` : "";
  const brand = card.brand === "visa" ? "" : ` · ${card.brand}`;
  return html`<label class="choice"><input type="radio" name="card" value="${card.number}"${checked}>
<span class="number">${card.number.replace(/(.{4})(?=.)/g, "$1 ")}${brand}</span>
<span class="does">${card.does}</span></label>`;
}

function completeSessionPage({ world }: AddCardPages, session: CheckoutSession): Response {
  const body = html`<p>This card was saved; there is nothing left to do here.</p>
<div class="actions"><a class="button" href="${successUrlOf(session)}">Back to ${world.businessName}</a></div>`;
  return page({ title: "Card saved", businessName: world.businessName, body });
}

function expiredSession({ world }: AddCardPages, session: CheckoutSession): Response {
  const back = session.cancel_url;
  const body = html`<p>Nothing was saved. Go back and start again.</p>
${back === null ? "" : html`<div class="actions"><a class="button" href="${back}">Back to ${world.businessName}</a></div>`}`;
  const title = "This page has expired";
  return page({ title, businessName: world.businessName, body, status: 410 });
}

function unknownSession({ world }: AddCardPages): Response {
  const body = html`<p>The link is wrong or incomplete. Go back to the page you came from.</p>`;
  const title = "There is no such page";
  return page({ title, businessName: world.businessName, body, status: 404 });
}

function findSession(world: World, id: string): CheckoutSession | null {
  const session = world.store.find<CheckoutSession>("checkout.session", id);
  return session === undefined ? null : find(world, id);
}

function successUrlOf({ success_url, id }: CheckoutSession): string {
  return success_url.replaceAll("{CHECKOUT_SESSION_ID}", id);
}

function expiryOf(text: string): { exp_month?: number; exp_year?: number } {
  const [, month, year] = /^(\d{1,2})\s*\/\s*(\d{2}|\d{4})$/.exec(text.trim()) ?? [];
  if (month === undefined || year === undefined) return {};
  return { exp_month: Number(month), exp_year: Number(year.length === 2 ? `20${year}` : year) };
}
