/** The frame of every hosted page: one card on a quiet ground, and a banner that no money moves. */
import { createHash } from "node:crypto";
import { type Html, html } from "./html.ts";

const STYLE = `
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:#1f2430;background:#f3f5f8}
.banner{background:#fff3d6;border-bottom:1px solid #ecd9a4;color:#5c4400;text-align:center;padding:.6rem 1rem;font-size:.9rem}
main{max-width:34rem;margin:2.5rem auto;padding:0 1rem}
.card{background:#fff;border:1px solid #dfe3ea;border-radius:14px;padding:2rem;box-shadow:0 1px 3px rgb(20 30 60/.06)}
.by{color:#5d6675;font-size:.9rem;margin:0 0 .25rem}
h1{font-size:1.45rem;line-height:1.25;margin:0 0 1.25rem}
.amount{font-size:2rem;font-weight:650;margin:0 0 1rem;font-variant-numeric:tabular-nums}
p{margin:0 0 1rem}
.quiet{color:#5d6675;font-size:.9rem}
.error{background:#fdecec;border:1px solid #f3c2c2;color:#8c1d1d;border-radius:10px;padding:.7rem .9rem}
label{display:block}
.label{display:block;font-weight:600;font-size:.9rem;margin-bottom:.3rem}
input[type=text]{width:100%;font:inherit;font-variant-numeric:tabular-nums;padding:.6rem .75rem;border:1px solid #c3cad5;border-radius:9px;background:#fff;color:inherit}
input:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid #8fb1ff;outline-offset:2px}
.row{display:grid;grid-template-columns:1fr 1fr;gap:.75rem;margin:.9rem 0 1.25rem}
fieldset{border:0;padding:0;margin:0 0 1.25rem}
legend{font-weight:600;font-size:.9rem;padding:0;margin-bottom:.4rem}
.choices{border:1px solid #dfe3ea;border-radius:10px;max-height:17rem;overflow:auto}
.choice{display:grid;grid-template-columns:auto 1fr;gap:.1rem .7rem;align-items:center;padding:.55rem .8rem;border-bottom:1px solid #edf0f4;cursor:pointer}
.choice:last-child{border-bottom:0}
.choice:has(:checked){background:#eef4ff}
.choice input{grid-row:span 2;accent-color:#2f5bd3}
.number{font-variant-numeric:tabular-nums}
.does{color:#5d6675;font-size:.85rem}
.group{background:#f7f8fa;color:#5d6675;font-size:.78rem;font-weight:600;letter-spacing:.03em;padding:.35rem .8rem;border-bottom:1px solid #edf0f4}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin-top:1.25rem}
button,.button{font:inherit;font-weight:600;padding:.7rem 1.3rem;border-radius:10px;border:1px solid #2f5bd3;background:#2f5bd3;color:#fff;cursor:pointer;text-decoration:none;display:inline-block}
button:hover,.button:hover{background:#274db6}
.second{background:#fff;color:#1f2430;border-color:#c3cad5}
.second:hover{background:#f3f5f8}
a{color:#2f5bd3}
dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.25rem;margin:0 0 1rem}
dt{color:#5d6675}dd{margin:0;text-align:right;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){
body{background:#14171d;color:#e6e9ef}.card{background:#1c2029;border-color:#2d3340;box-shadow:none}
.banner{background:#3a300f;border-color:#574814;color:#f3dd9a}
.by,.quiet,.does,dt{color:#a0a9b8}.group{background:#171b22;color:#a0a9b8;border-color:#262c37}
.choices{border-color:#2d3340}.choice{border-color:#262c37}.choice:has(:checked){background:#1f2b47}
input[type=text]{background:#14171d;border-color:#3a4252}
.second{background:#1c2029;color:#e6e9ef;border-color:#3a4252}.second:hover{background:#262c37}
.error{background:#3d1c1f;border-color:#6b2c31;color:#ffc9c9}a{color:#9db8ff}}
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

interface Page {
  readonly title: string;
  readonly businessName: string;
  readonly body: Html;
  readonly status?: number;
  /** Where a form on this page may lead in the end: browsers hold redirects against the policy too. */
  readonly leadsTo?: readonly (string | null)[];
}

export function page({ title, businessName, body, status = 200, leadsTo = [] }: Page): Response {
  const document = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title} – ${businessName}</title>`;
  const rest = html`</head>
<body><div class="banner" role="note">Local Stripe: test payments, no money moves. Never enter a real card.</div>
<main><div class="card"><p class="by">${businessName}</p><h1>${title}</h1>
${body}</div></main></body>
</html>`;
  const origins = leadsTo.flatMap((address) => (address === null ? [] : [new URL(address).origin]));
  return new Response(`${document.markup}<style>${STYLE}</style>${rest.markup}`, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "content-security-policy": [
        "default-src 'none'",
        `style-src 'sha256-${STYLE_HASH}'`,
        `form-action ${["'self'", ...new Set(origins)].join(" ")}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join("; "),
    },
  });
}

export function redirect(to: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location: to, "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}

/** Minor units as people write them. */
export function moneyText(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en", {
    style: "currency",
    currency: currency.toUpperCase(),
  });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(amount / 10 ** digits);
}

export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
