import { describe, expect, test } from "vitest";
import { declines } from "./declines.ts";
import { findTestCard, testCards } from "./test-cards.ts";
import { judgeCharge, judgeSetup, type Situation } from "./verdict.ts";

const present: Situation = { isOffSession: false, isSetUp: false, isAuthenticated: false };
const passed: Situation = { ...present, isAuthenticated: true };
const away: Situation = { ...present, isOffSession: true };
const awayAfterSetup: Situation = { ...away, isSetUp: true };

function card(id: string) {
  const found = findTestCard(id);
  if (found === undefined) throw new Error(`no card ${id}`);
  return found;
}

const needs = { kind: "needs_authentication" };
const approved = { kind: "approved" };
const needsButAway = { kind: "declined", decline: declines.authentication_required };

describe("a card that asks for the customer", () => {
  test.each([
    ["pm_card_authenticationRequiredOnSetup", present, needs],
    ["pm_card_authenticationRequiredOnSetup", passed, approved],
    ["pm_card_authenticationRequiredOnSetup", away, needsButAway],
    ["pm_card_authenticationRequiredOnSetup", awayAfterSetup, approved],
    ["pm_card_authenticationRequired", passed, approved],
    ["pm_card_authenticationRequired", awayAfterSetup, needsButAway],
    ["pm_card_authenticationRequiredSetupForOffSession", present, needs],
    ["pm_card_authenticationRequiredSetupForOffSession", away, approved],
    ["pm_card_threeDSecureRequiredChargeDeclined", present, needs],
    [
      "pm_card_threeDSecureRequiredChargeDeclined",
      passed,
      { kind: "declined", decline: declines.generic_decline },
    ],
  ])("%s in %o: %o", (id, situation, verdict) => {
    expect(judgeCharge(card(id), situation)).toEqual(verdict);
  });
});

test("a verdict forced by a test wins over the card", () => {
  expect(judgeCharge(card("pm_card_chargeCustomerFail"), away, "approve")).toEqual(approved);
  expect(judgeCharge(card("pm_card_visa"), away, declines.insufficient_funds)).toEqual({
    kind: "declined",
    decline: declines.insufficient_funds,
  });
});

test("saving asks the bank: plain decline cards are refused, the always-declining one is not", () => {
  expect(judgeSetup(card("pm_card_visa_chargeDeclinedLostCard"), false)).toEqual({
    kind: "declined",
    decline: declines.lost_card,
  });
  expect(judgeSetup(card("pm_card_chargeCustomerFail"), false)).toEqual(approved);
  expect(judgeSetup(card("pm_card_authenticationRequiredOnSetup"), false)).toEqual(needs);
  expect(judgeSetup(card("pm_card_authenticationRequiredOnSetup"), true)).toEqual(approved);
});

test("no two cards share a number or an id", () => {
  const numbers = testCards.map(({ number }) => number);
  const ids = testCards.flatMap(({ id }) => (id === null ? [] : [id]));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(new Set(ids).size).toBe(ids.length);
});
