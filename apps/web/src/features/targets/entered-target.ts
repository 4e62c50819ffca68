import { targetUrlOf } from "../first-scan/runner-command.ts";

export interface EnteredTarget {
  readonly url: string;
  readonly name: string;
  readonly mode: "credits" | "unlimited";
}

export const nothingEntered: EnteredTarget = { url: "", name: "", mode: "credits" };

export function urlProblem(entered: EnteredTarget): string | undefined {
  return targetUrlOf(entered.url) === undefined
    ? "Enter an address such as https://shop.company.com."
    : undefined;
}

/** What the server is told of a good entry: without a name it is named by its address. */
export function targetInput(entered: EnteredTarget) {
  const name = entered.name.trim();
  const url = targetUrlOf(entered.url) ?? entered.url;
  return { url, mode: entered.mode, ...(name && { name }) };
}
