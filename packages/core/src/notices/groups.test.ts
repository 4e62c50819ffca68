import { expect, test } from "vitest";
import { groupOf, groupsFor, isMailedTo, noticeGroups } from "./groups.ts";

test("whoever pays is mailed everything, and what they switched off not", () => {
  for (const role of ["owner", "billing"] as const) {
    expect(groupsFor({ role })).toEqual(noticeGroups);
    expect(isMailedTo({ role, muted: [] }, "expiry")).toBe(true);
    expect(isMailedTo({ role, muted: ["expiry"] }, "expiry")).toBe(false);
    expect(isMailedTo({ role, muted: ["expiry"] }, "balance")).toBe(true);
  }
});

test("that money could not be taken is mailed to them whatever they switched off", () => {
  const muted = [...noticeGroups];
  expect(isMailedTo({ role: "billing", muted }, groupOf.top_up_needs_authentication)).toBe(true);
  expect(isMailedTo({ role: "owner", muted }, groupOf.top_up_failed)).toBe(true);
  expect(isMailedTo({ role: "owner", muted }, groupOf.auto_top_up_suspended)).toBe(true);
});

test("other members are mailed what stops their scans, and nothing about payments", () => {
  const reader = { role: "member", muted: [] } as const;
  expect(noticeGroups.filter((group) => isMailedTo(reader, group))).toEqual(["balance", "scans"]);
  expect(isMailedTo({ ...reader, muted: ["scans"] }, "scans")).toBe(false);
});

test("what somebody switched off long ago and is no group any more hides nothing", () => {
  expect(isMailedTo({ role: "owner", muted: ["weather"] }, "balance")).toBe(true);
});
