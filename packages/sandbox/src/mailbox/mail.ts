/** What a page shows of a mail. Everything in it was written by somebody else and is escaped when shown. */
import PostalMime, { type Address } from "postal-mime";

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  /** The http and https addresses in it, each once, in order; nothing else may become a link. */
  readonly links: readonly string[];
}

const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 64 * 1024 };

export async function parseMail(raw: Uint8Array): Promise<Mail> {
  try {
    const email = await PostalMime.parse(raw, LIMITS);
    const text = email.text ?? "";
    return {
      from: email.from === undefined ? "" : nameOf(email.from),
      to: (email.to ?? []).map(nameOf).join(", "),
      subject: email.subject ?? "",
      text,
      html: email.html,
      links: linksIn(text, email.html ?? ""),
    };
  } catch {
    const text = new TextDecoder().decode(raw);
    return { from: "", to: "", subject: "(unreadable)", text, html: undefined, links: [] };
  }
}

function nameOf(address: Address): string {
  if (address.group !== undefined)
    return `${address.name}: ${address.group.map(nameOf).join(", ")}`;
  return address.name === "" ? address.address : `${address.name} <${address.address}>`;
}

function linksIn(text: string, html: string): string[] {
  const inText = text.match(/https?:\/\/[^\s<>"'`]+/g) ?? [];
  const inHtml = [...html.matchAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(
    ([, double, single]) => decodeAmpersands(double ?? single ?? ""),
  );
  const links = [...inText.map(withoutPunctuation), ...inHtml].flatMap(webAddressOf);
  return [...new Set(links)];
}

// A sentence that ends with an address ends with a full stop that is not part of it.
const withoutPunctuation = (address: string) => address.replace(/[.,;:!?)\]]+$/, "");

const decodeAmpersands = (attribute: string) => attribute.replace(/&(amp|#38|#x26);/gi, "&");

function webAddressOf(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const url = new URL(address);
  return url.protocol === "http:" || url.protocol === "https:" ? [url.href] : [];
}
