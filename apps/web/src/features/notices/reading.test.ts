import type { NoticeView } from "@scanmeter/contracts/notices";
import { describe, expect, test } from "vitest";
import { isAllSeen, rowsOf, withNew } from "./reading.ts";

const notice = (key: string, isRead = false): NoticeView => ({
  key,
  kind: "depleted",
  at: "2026-01-15T12:00:00.000Z",
  title: "No credits left",
  text: "There are no credits to spend.",
  isRead,
  action: null,
});
const view = (...items: NoticeView[]) => ({ items, unread: 0, nextCursor: null });

describe("rows of a list that is fetched again", () => {
  test("are the same objects, whether they were read meanwhile or not", () => {
    const { items: before } = rowsOf(view(notice("b"), notice("a")));
    const { items: after } = rowsOf(
      view(notice("c"), notice("b", true), notice("a", true)),
      before,
    );
    expect(after.map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(after[1]).toBe(before[0]);
    expect(after[2]).toBe(before[1]);
  });
});

describe("what is called new", () => {
  test("is what was unread when it came, and stays so once it was read", () => {
    const first = withNew(new Set(), [notice("b"), notice("a", true)]);
    expect([...first]).toEqual(["b"]);
    const later = withNew(first, [notice("c"), notice("b", true), notice("a", true)]);
    expect([...later].sort()).toEqual(["b", "c"]);
  });
});

describe("all that is unread was seen", () => {
  const { items: rows } = rowsOf(view(notice("c"), notice("b"), notice("a")));
  const sees = (unread: number, ...keys: string[]) =>
    isAllSeen(rows, { unread, seen: new Set(keys) });

  test("by whoever came from the first to the last of it", () => {
    expect(sees(1, "c")).toBe(true);
    expect(sees(2, "c", "b")).toBe(true);
    expect(sees(3, "c", "a")).toBe(true);
  });

  test("not while the last of it, or the first, was not in sight", () => {
    expect(sees(2, "c")).toBe(false);
    expect(sees(3, "c", "b")).toBe(false);
    expect(sees(2, "b", "a")).toBe(false);
  });

  test("not while some of it is on a later page", () => {
    expect(sees(4, "c", "b", "a")).toBe(false);
  });

  test("is no question when there is nothing unread", () => {
    expect(sees(0, "c", "b", "a")).toBe(false);
    expect(isAllSeen([], { unread: 0, seen: new Set() })).toBe(false);
  });
});
