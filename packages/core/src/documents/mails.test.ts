import { describe, expect, test } from "vitest";
import { BrokenInvariant } from "../invariant.ts";
import { minor } from "../pricing/money.ts";
import { anInvoice, tenCredits } from "../testing/documents.ts";
import { credits } from "../units.ts";
import { formsOf } from "./letter.ts";
import {
  documentLetter,
  invitationLetter,
  type PaymentFailed,
  paymentFailedLetter,
} from "./mails.ts";

const domestic = { treatment: "domestic", basisPoints: 19_00 } as const;

const failed: PaymentFailed = {
  quantity: credits(10),
  totalMinor: minor(113_05),
  currency: "EUR",
  failedAt: anInvoice().issuedAt,
  timeZone: "Europe/Vienna",
  reason: "The card has not enough money on it. Try another card.",
  action: { label: "Pay with another card", url: "https://scanmeter.example/checkout/billing" },
};

describe("the mail of a receipt", () => {
  const { subject, text, html } = formsOf(
    documentLetter(anInvoice({ terms: { ...tenCredits, tax: domestic } })),
  );

  test("says in both forms what was paid, when, and what happened to each lot", () => {
    expect(subject).toBe("Receipt for EUR 113.05, invoice 2026-000042");
    for (const fact of [
      "2026-000042",
      "10 March 2026, 13:00 (Vienna)",
      "Visa ending in 4242",
      "lot_old",
      "22 May 2026, 14:00",
      "10 March 2027, 13:00",
    ]) {
      expect(text).toContain(fact);
      expect(html).toContain(fact);
    }
    expect(text).toContain("VAT 19 %: EUR 18.05");
    expect(text).toContain("Total paid: EUR 113.05");
  });

  test("shouts at nobody", () => {
    expect(`${subject}${text}`).not.toContain("!");
  });
});

describe("what a customer typed", () => {
  const seller = {
    name: `<script>alert("1")</script>`,
    addressLines: ["a & b"],
    country: "DE",
    vatId: null,
    email: "x@y.example",
    taxBasisPoints: 0,
  };

  test("is text in the HTML, whatever it holds", () => {
    const { html } = formsOf(documentLetter(anInvoice({ seller })));
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;, a &amp; b");
    expect(html).not.toContain("<script");
  });

  test("begins no line of its own and no header", () => {
    const { text, subject } = formsOf({
      subject: "Hello\r\nBcc: everybody@example.com",
      parts: [{ is: "facts", facts: [{ label: "Name", text: "x\r\n\r\nTotal: nothing" }] }],
    });
    expect(subject).toBe("Hello Bcc: everybody@example.com");
    expect(text).toBe("Name: x Total: nothing\n");
  });
});

describe("the mail of a failed payment", () => {
  test("says how much, when, why, and where to go on", () => {
    const { subject, text, html } = formsOf(paymentFailedLetter(failed));
    expect(subject).toBe("Payment of EUR 113.05 failed");
    expect(text).toContain("for 10 credits failed on 10 March 2026, 13:00 (Vienna).");
    expect(text).toContain("No money was taken and no credits were added.");
    expect(text).toContain("Pay with another card: https://scanmeter.example/checkout/billing");
    expect(html).toContain('<a href="https://scanmeter.example/checkout/billing">');
  });

  test("links to web addresses only", () => {
    for (const url of ["javascript:alert(1)", "/checkout", 'https://x.example/"onclick=']) {
      const letter = paymentFailedLetter({ ...failed, action: { label: "Go", url } });
      expect(() => formsOf(letter)).toThrow(BrokenInvariant);
    }
  });
});

describe("the mail of an invitation", () => {
  const facts = {
    accountName: "Win <b>money</b>",
    invitedBy: "Ada Example",
    role: "billing",
    url: "https://scanmeter.example/join/secret",
    expiresAt: anInvoice().issuedAt,
    timeZone: "Europe/Vienna",
  } as const;

  test("says who asks, to what, as what, until when, and leads there", () => {
    const { text, html } = formsOf(invitationLetter(facts));
    for (const fact of [
      "Ada Example invites you to join the account",
      "as a billing manager",
      "until 10 March 2026, 13:00 (Vienna)",
      "https://scanmeter.example/join/secret",
    ]) {
      expect(text).toContain(fact);
      expect(html).toContain(fact);
    }
    expect(html).not.toContain("<b>");
    const { text: nobodys } = formsOf(invitationLetter({ ...facts, invitedBy: null }));
    expect(nobodys).toMatch(/^An owner invites you/);
  });

  test("has no word of a customer in its subject", () => {
    const { subject } = invitationLetter(facts);
    expect(subject).toBe("An invitation to an account on Scanmeter");
  });
});
