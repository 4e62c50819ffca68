/**
 * The mailbox as pages: a list, one mail, and the mail's own HTML by itself. That HTML is a
 * stranger's, so it is framed under a policy that lets it run nothing, load nothing and name nobody.
 */
import { type Html, html } from "../pages/html.ts";
import { EVERYWHERE, page, plain, respond } from "../pages/page.ts";
import type { MailStore, StoredMail } from "./store.ts";

const ROOT = "/sandbox/mailbox";

export async function respondToMailbox(store: MailStore, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== "GET" && request.method !== "HEAD")
    return plain(405, "Method not allowed");
  const wantsJson = request.headers.get("accept")?.includes("application/json") ?? false;

  if (pathname === ROOT || pathname === `${ROOT}/`) {
    const mails = await store.list();
    return wantsJson ? json(mails.map(withoutBodies)) : page("Mailbox", listOf(mails));
  }
  const [, id = "", part] = /^\/sandbox\/mailbox\/([^/]+)(\/html)?$/.exec(pathname) ?? [];
  const mail = await store.find(id);
  if (mail === undefined) return plain(404, "No such mail");
  if (part !== undefined) return ownHtmlOf(mail);
  return wantsJson ? json(mail) : page(mail.subject || "Mail", mailOf(mail));
}

function listOf(mails: readonly StoredMail[]): Html {
  if (mails.length === 0) return html`<p>No mail yet. What the product sends appears here.</p>`;
  const rows = mails.map(
    (mail) => html`<tr>
      <td data-label="Subject"><a href="${ROOT}/${mail.id}">${mail.subject || "(no subject)"}</a></td>
      <td data-label="To">${mail.to}</td>
      <td data-label="Received">${timeOf(mail)}</td>
    </tr>`,
  );
  return html`<table>
    <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Received</th></tr></thead>
    <tbody>${rows}</tbody>
  </table>`;
}

function mailOf(mail: StoredMail): Html {
  const links = mail.links.map(
    (link) => html`<li><a href="${link}" rel="noopener noreferrer">${link}</a></li>`,
  );
  return html`<p><a href="${ROOT}">All mail</a></p>
    <dl>
      <dt>From</dt><dd>${mail.from}</dd>
      <dt>To</dt><dd>${mail.to}</dd>
      <dt>Received</dt><dd>${timeOf(mail)}</dd>
    </dl>
    ${links.length === 0 ? "" : html`<h2>Links</h2><ul>${links}</ul>`}
    ${mail.text === "" ? "" : html`<h2>Text</h2><pre>${mail.text}</pre>`}
    ${
      mail.html === undefined
        ? ""
        : html`<h2>HTML</h2>
          <iframe title="The mail as HTML" sandbox="" src="${ROOT}/${mail.id}/html"></iframe>`
    }`;
}

const timeOf = (mail: StoredMail) => {
  const iso = new Date(mail.receivedAt).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
};

function withoutBodies({ id, receivedAt, from, to, subject, links }: StoredMail) {
  return { id, receivedAt, from, to, subject, links };
}

function ownHtmlOf(mail: StoredMail): Response {
  if (mail.html === undefined) return plain(404, "This mail has no HTML");
  return respond(mail.html, {
    "x-frame-options": "SAMEORIGIN",
    "content-security-policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  });
}

const json = (value: unknown) => Response.json(value, { headers: EVERYWHERE });
