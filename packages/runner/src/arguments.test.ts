import { expect, test } from "vitest";
import { parseArguments, UsageError } from "./arguments.ts";

test("everything after the first -- belongs to the command, flags and dashes included", () => {
  expect(parseArguments(["run", "--target", "t", "--", "nmap", "--help", "--", "-x"])).toEqual({
    ask: "run",
    target: "t",
    command: { file: "nmap", args: ["--help", "--", "-x"] },
  });
});

test("flags are read in either spelling", () => {
  const request = parseArguments([
    "run",
    "--target=t",
    "--label",
    "nightly",
    "--grace=0.5",
    "--",
    "x",
  ]);
  expect(request).toMatchObject({ target: "t", label: "nightly", graceMs: 500 });
});

test.each([
  ["nothing", [], /say what to do/],
  ["an unknown command", ["scan"], /unknown command "scan"/],
  ["an option before the command", ["--target", "t"], /unknown option --target before a command/],
  ["no target", ["run", "--", "x"], /--target <id\|url>/],
  ["no command", ["run", "--target", "t"], /put it after "--"/],
  ["nothing after --", ["run", "--target", "t", "--"], /nothing follows the "--"/],
  ["a command without --", ["run", "--target", "t", "nmap"], /unexpected "nmap"/],
  [
    "an unknown flag",
    ["run", "--traget", "t", "--", "x"],
    /^unknown option --traget \(see --help\)$/,
  ],
  ["an unknown flag with a value", ["targets", "--kye=rk_secret"], /^unknown option --kye \(see/],
  ["a flag without its value", ["run", "--target", "--", "x"], /--target is used wrongly/],
  [
    "a grace that is no number",
    ["run", "--target", "t", "--grace", "soon", "--", "x"],
    /--grace is/,
  ],
  ["arguments to targets", ["targets", "all"], /unexpected "all"/],
])("%s is one clear sentence", (_what, argv, sentence) => {
  expect(() => parseArguments(argv)).toThrow(UsageError);
  expect(() => parseArguments(argv)).toThrow(sentence);
});

test("help wins over what is missing", () => {
  expect(parseArguments(["run", "--help"])).toEqual({ ask: "help" });
});
