import type { ZodError } from "zod";

/**
 * One sentence about the first thing that is wrong, naming the field. What was sent is not repeated:
 * it may be a secret that ended up in the wrong place.
 */
export function sentenceOfBadInput(error: ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "The input is not valid.";
  const field = issue.path.length === 0 ? "The input" : `The field "${issue.path.join(".")}"`;
  if (issue.code === "unrecognized_keys") {
    const where = issue.path.length === 0 ? "" : ` in "${issue.path.join(".")}"`;
    return `There is no field called "${printable(issue.keys[0] ?? "")}"${where}.`;
  }
  if (issue.message.endsWith("received undefined")) return `${field} is missing.`;
  return `${field} is not valid: ${lowerFirst(issue.message)}.`;
}

function lowerFirst(message: string): string {
  const text = message.replace(/^Invalid input: /, "").replace(/\.$/, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function printable(key: string): string {
  return key.replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
}
