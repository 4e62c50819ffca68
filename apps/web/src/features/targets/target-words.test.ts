import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { expect, test } from "vitest";
import { nothingEntered, targetInput, urlProblem } from "./entered-target.ts";
import { archived, inUse, switchConsequence, targetTitle, usageInWords } from "./target-words.ts";

const aTarget = (about: Partial<UsedTargetView> = {}): UsedTargetView => ({
  id: "tgt_1",
  url: "https://shop.acme.test/",
  name: "Shop",
  mode: "credits",
  createdAt: "2027-01-01T00:00:00.000Z",
  archivedAt: null,
  scans: 12,
  creditsTotal: 34,
  creditsLast30Days: 4,
  lastScanAt: "2027-03-14T10:30:00.000Z",
  typicalCredits: 2,
  creditsMax: 5,
  ...about,
});

test("a target is called by its name, or else by its address without the technical parts", () => {
  expect(targetTitle(aTarget())).toBe("Shop");
  expect(targetTitle(aTarget({ name: "https://shop.acme.test/" }))).toBe("shop.acme.test");
});

test("what its scans cost is told with their number", () => {
  expect(usageInWords(aTarget())).toBe("34 credits in 12 scans");
  expect(usageInWords(aTarget({ scans: 1, creditsTotal: 1 }))).toBe("1 credit in 1 scan");
  expect(usageInWords(aTarget({ scans: 3, creditsTotal: 0 }))).toBe("0 credits in 3 scans");
  expect(usageInWords(aTarget({ scans: 0, creditsTotal: 0 }))).toBe("Never scanned");
});

test("switching says what it costs, and that running scans are left alone", () => {
  expect(switchConsequence(aTarget())).toMatch(/cost no credits.*Running ones go on/);
  expect(switchConsequence(aTarget({ mode: "unlimited" }))).toMatch(
    /at most 5 each, likely 2\..*Running/,
  );
  expect(switchConsequence(aTarget({ mode: "unlimited", typicalCredits: null }))).toMatch(
    /at most 5 each\. /,
  );
});

test("what is archived is told apart from what is in use", () => {
  const used = aTarget();
  const gone = aTarget({ id: "tgt_2", archivedAt: "2027-02-01T00:00:00.000Z" });
  expect(inUse([gone, used])).toEqual([used]);
  expect(archived([gone, used])).toEqual([gone]);
});

test("an address may be typed as people say it, and is not taken when no scanner could reach it", () => {
  const entered = { ...nothingEntered, url: " shop.acme.test ", name: "  Shop " };
  expect(urlProblem(entered)).toBeUndefined();
  expect(targetInput(entered)).toEqual({
    url: "https://shop.acme.test",
    mode: "credits",
    name: "Shop",
  });
  expect(targetInput({ ...entered, name: " " })).not.toHaveProperty("name");
  expect(urlProblem({ ...entered, url: "two words" })).toMatch(/^Enter an address/);
});
