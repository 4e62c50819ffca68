import { expect, test } from "vitest";
import { initialsOf } from "./initials.ts";

test("initials are the first letters of the first and the last name", () => {
  expect(["Ann", "Ann Marie van Dyck", " ann  dyck ", ""].map(initialsOf)).toEqual([
    "A",
    "AD",
    "AD",
    "",
  ]);
});
