import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";

test("a line ends as the standard says, and nothing is an empty cell", () => {
  expect(csvLine(["a", 1, null, ""])).toBe("a,1,,\r\n");
});

test("a cell with a comma, a quote or a line end is quoted, and its quotes are doubled", () => {
  expect(csvLine(["a,b", 'say "hi"', "two\nlines", "two\r\nlines", "a;b 'c'"])).toBe(
    `"a,b","say ""hi""","two\nlines","two\r\nlines",a;b 'c'\r\n`,
  );
});

test("text that a spreadsheet would run stays text", () => {
  for (const start of ["=", "+", "-", "@", "\t"]) {
    expect(csvLine([`${start}1+1`])).toBe(`'${start}1+1\r\n`);
  }
  expect(csvLine(["\rx"])).toBe(`"'\rx"\r\n`);
  expect(csvLine(['=HYPERLINK("http://x","a")'])).toBe(`"'=HYPERLINK(""http://x"",""a"")"\r\n`);
  expect(csvLine(["a=1", "1-1", " =1"])).toBe("a=1,1-1, =1\r\n");
});

test("a negative number is a number", () => {
  expect(csvLine([-5, 0, 1_000_000])).toBe("-5,0,1000000\r\n");
});
