/** Deliveries as somebody might forge, spoil or repeat them, checked by the real SDK. */
import { instant } from "@scanmeter/core";
import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { createGateway } from "./gateway.ts";

const secret = "whsec_ours";
const signedAt = 1_790_000_000;
const body = JSON.stringify({
  object: "event",
  id: "evt_1",
  type: "payment_intent.succeeded",
  created: signedAt,
  livemode: false,
  api_version: "2026-10-28.endive",
  data: { object: { object: "payment_intent", id: "pi_1" } },
});

const sign = (payload: string, by = secret) =>
  new Stripe("sk_test_standin_x").webhooks.generateTestHeaderString({
    payload,
    secret: by,
    timestamp: signedAt,
  });

/** A gateway whose clock shows so many seconds after the signing. */
const gateway = ({ seconds = 0, secrets = [secret] } = {}) =>
  createGateway({
    secretKey: "sk_test_standin_x",
    apiBase: "http://127.0.0.1:1",
    webhookSecrets: secrets,
    now: () => instant((signedAt + seconds) * 1000),
  });

test("a genuine delivery is its event", () => {
  expect(gateway().verifyEvent(body, sign(body))).toMatchObject({
    id: "evt_1",
    paymentIntentId: "pi_1",
  });
});

describe("a delivery is nothing", () => {
  test.each([
    ["without a signature", null],
    ["with an empty one", ""],
    ["with one that is none", "t=1,v1=00"],
    ["signed with another secret", sign(body, "whsec_theirs")],
    ["signed with the beginning of ours", sign(body, secret.slice(0, -1))],
    ["signed over another body", sign(`${body} `)],
    ["signed under another scheme", sign(body).replace("v1=", "v0=")],
    ["dated anew", sign(body).replace(String(signedAt), String(signedAt + 1))],
  ])("%s", (_, signature) => {
    expect(gateway().verifyEvent(body, signature)).toBeNull();
  });

  test("with one byte changed", () => {
    const changed = body.replace("pi_1", "pi_2");
    expect(gateway().verifyEvent(changed, sign(body))).toBeNull();
  });

  test("that is no JSON, or no event, however well it is signed", () => {
    for (const odd of ["", "{", "null", "[]", '"event"', "{}", body.replace("evt_1", "")])
      expect(gateway().verifyEvent(odd, sign(odd)), odd).toBeNull();
  });

  test("where nobody has told us a secret", () => {
    expect(gateway({ secrets: [] }).verifyEvent(body, sign(body))).toBeNull();
  });
});

test("a delivery is fresh for five minutes of our clock, and not a second longer", () => {
  expect(gateway({ seconds: 300 }).verifyEvent(body, sign(body))).not.toBeNull();
  expect(gateway({ seconds: 301 }).verifyEvent(body, sign(body))).toBeNull();
});

test("while secrets are changed the old one and the new one pass, in either order", () => {
  for (const secrets of [
    [secret, "whsec_new"],
    ["whsec_new", secret],
  ]) {
    const changing = gateway({ secrets });
    expect(changing.verifyEvent(body, sign(body))).not.toBeNull();
    expect(changing.verifyEvent(body, sign(body, "whsec_new"))).not.toBeNull();
    expect(changing.verifyEvent(body, sign(body, "whsec_theirs"))).toBeNull();
  }
});

test("an empty secret, with which anybody could sign, is refused at once", () => {
  for (const empty of ["", "  "])
    expect(() => gateway({ secrets: [secret, empty] })).toThrow("is a secret");
});
