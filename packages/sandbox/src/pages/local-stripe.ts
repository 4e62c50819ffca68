/**
 * `/sandbox/stripe`: says where the local Stripe is, and leads there. Everything below it redirects
 * instead of standing in between: a hosted page has its own origin, cookies and policy as the real
 * Stripe's has, so what works here works there, and what would not is seen here first.
 */
import { html } from "./html.ts";
import { EVERYWHERE, page, plain } from "./page.ts";

const ROOT = "/sandbox/stripe";

const CARDS = [
  ["4242 4242 4242 4242", "pm_card_visa", "always pays"],
  ["4000 0027 6000 3184", "pm_card_authenticationRequired", "has the bank ask every time"],
  ["4000 0000 0000 0341", "pm_card_chargeCustomerFail", "can be saved, every payment is declined"],
  ["4000 0000 0000 0259", "pm_card_createDispute", "pays, and is disputed a moment later"],
] as const;

export function respondToStripePages(apiBase: string | null, request: Request): Response {
  const { pathname, search } = new URL(request.url);
  if (request.method !== "GET" && request.method !== "HEAD")
    return plain(405, "Method not allowed");
  if (apiBase === null) return page("Local Stripe", notRunning);
  const rest = pathname.slice(ROOT.length);
  if (rest !== "" && rest !== "/") return redirectTo(apiBase, `${rest}${search}`);
  const rows = CARDS.map(
    ([number, id, does]) => html`<tr>
      <td data-label="Number">${number}</td>
      <td data-label="In calls"><code>${id}</code></td>
      <td data-label="Does">${does}</td>
    </tr>`,
  );
  return page(
    "Local Stripe",
    html`<p><strong>Test payments, no money moves.</strong> Purchases in this sandbox go to a local Stripe
      of its own, at <code>${apiBase}</code>. It keeps its state beside the sandbox's data and listens on
      this machine only; its pages open from the checkout.</p>
      <h2>Some test cards</h2>
      <table><thead><tr><th scope="col">Number</th><th scope="col">In calls</th><th scope="col">Does</th></tr></thead>
      <tbody>${rows}</tbody></table>
      <p>Any expiry date to come and any three digits do. A real card is refused and forgotten.</p>`,
  );
}

const notRunning = html`<p>This sandbox runs without a local Stripe, so nothing can be bought in it.
  <code>npm start</code> brings one along.</p>`;

function redirectTo(apiBase: string, rest: string): Response {
  // Joined as text, so that no path can name another host.
  return new Response(null, {
    status: 302,
    headers: { ...EVERYWHERE, location: new URL(apiBase).origin + rest },
  });
}
