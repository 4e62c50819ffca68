/**
 * The frame of the sandbox's own pages. It stands apart from the web app, so that what somebody looks
 * at beside the product works when the product does not. Narrow screens get each row as a block.
 */
import { type Html, html } from "./html.ts";

const STYLE = html`<style>
:root{color-scheme:light dark;--ground:#fff;--ink:#1b1f24;--quiet:#57606a;--line:#d8dde3;--field:#f4f6f8;--link:#0b5cad}
@media (prefers-color-scheme:dark){:root{--ground:#14181c;--ink:#e6e9ec;--quiet:#a3adb7;--line:#313a42;--field:#1e252b;--link:#8cc2ff}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:var(--ink);background:var(--ground)}
a{color:var(--link);overflow-wrap:anywhere}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:0;list-style:none}
nav a{display:inline-block;padding:.4rem 0}
h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere;margin:1rem 0}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.5rem .6rem .5rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th,dt{color:var(--quiet);font-weight:600}
dd{margin:0 0 .5rem;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--field);padding:.75rem;margin:0}
code{overflow-wrap:anywhere}
ul{padding-left:1.25rem}
li{overflow-wrap:anywhere}
time{white-space:nowrap}
iframe{width:100%;height:32rem;border:1px solid var(--line);background:#fff;color-scheme:light}
@media (max-width:40rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody,tr,td{display:block}
tr{padding:.6rem 0;border-bottom:1px solid var(--line)}
td{border:0;padding:.1rem 0}
td[data-label]::before{content:attr(data-label) ": ";color:var(--quiet)}
}
</style>`;

export const EVERYWHERE = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export function page(title: string, body: Html): Response {
  const document = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Scanmeter sandbox</title>${STYLE}</head>
<body>
<nav aria-label="Sandbox"><ul>
<li><a href="/">Scanmeter</a></li>
<li><a href="/sandbox/mailbox">Mailbox</a></li>
<li><a href="/sandbox/stripe">Local Stripe</a></li>
</ul></nav>
<main><h1>${title}</h1>${body}</main></body>
</html>`;
  return respond(document.markup, {
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
}

export function respond(markup: string, headers: Record<string, string>): Response {
  return new Response(markup, {
    headers: { ...EVERYWHERE, "content-type": "text/html; charset=utf-8", ...headers },
  });
}

export const plain = (status: number, text: string) =>
  new Response(`${text}\n`, {
    status,
    headers: { ...EVERYWHERE, "content-type": "text/plain; charset=utf-8" },
  });
