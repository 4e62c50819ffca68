/**
 * The parts inputs are made of. Everything is bounded, numbers are whole, instants name a year people
 * will see, and no object takes a field it does not know.
 */
import { type IdKind, type Instant, idPrefixes, parseInstant, postingKinds } from "@scanmeter/core";
import { z } from "zod";

/** For procedures that take nothing. */
export const nothing = z.strictObject({}).optional();

/**
 * Anything that could have been an id is looked up, so that another account's id, an old one and one
 * that never existed have one answer.
 */
export function id(kind: IdKind) {
  const prefix = idPrefixes[kind];
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9A-Za-z_-]{1,64}$`), `an id that starts with ${prefix}_`);
}

/** A person's id is the auth library's. Whoever it names is looked up among those one may ask about. */
export const userId = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/, "the id of a person");

/** Text for people: one line, something to read in it. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1, "some text is needed")
    .max(max, `at most ${max} characters`)
    .refine((text) => !hasControlCharacter(text), "no control characters")
    .refine(hasSomethingToSee, "some text that can be seen is needed");
}

export const emailAddress = z.email("an email address").max(254);

/** Chosen by the caller for one intention; printable, so that it reads the same in every log. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "1 to 200 printable characters without spaces");

const YEAR_MIN = 2000;
const YEAR_MAX = 2199;

export const instantInput = z
  .string()
  .max(40)
  .transform((text, context): Instant => {
    const at = parseInstant(text);
    const year = at === undefined ? Number.NaN : new Date(at).getUTCFullYear();
    if (at !== undefined && year >= YEAR_MIN && year <= YEAR_MAX) return at;
    context.addIssue({
      code: "custom",
      message: `an ISO 8601 instant with its offset, from ${YEAR_MIN} to ${YEAR_MAX}`,
    });
    return z.NEVER;
  });

/** Which part of an account's history is asked for. */
export const activityFilter = {
  kinds: z.array(z.enum(postingKinds)).min(1).max(postingKinds.length).optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
};

export function whole({ min, max }: { readonly min: number; readonly max: number }) {
  const range = `a whole number from ${min} to ${max}`;
  return z.int(range).min(min, range).max(max, range);
}

/**
 * The address of something to scan. Only web addresses: anything else would be a link that does more
 * than open a page. Kept as the browser would write it, so that one address is one target.
 */
export const targetUrl = z
  .string()
  .trim()
  .max(2_000)
  .transform((text, context): string => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
    if (url !== null && isWeb && url.username === "" && url.password === "") {
      url.hash = "";
      return url.href;
    }
    context.addIssue({
      code: "custom",
      message: "a web address that starts with https:// or http://, without a user name",
    });
    return z.NEVER;
  });

/** The version a client has already seen, as the library hands it back when a line is reopened. */
export const lastEventId = z
  .string()
  .regex(/^\d{1,15}$/, "the id of an event")
  .transform(Number)
  .nullish();

/** Marks that join or part letters belong into some scripts; alone they would be an empty name. */
function hasSomethingToSee(text: string): boolean {
  return /[^\p{Cf}\p{Z}]/u.test(text);
}

/** Line ends, half characters, and marks that turn the direction of the text around them. */
function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);
}
