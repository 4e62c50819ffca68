/**
 * What documents and mail say. It brings the calendar along, so it has an entrance of its own and
 * the web app takes nothing from here.
 */
export * from "./credit-note.ts";
export * from "./invoice.ts";
export * from "./issued-document.ts";
export * from "./letter.ts";
export * from "./mail-retries.ts";
export * from "./mails.ts";
export * from "./seller.ts";
export { yearIn } from "./words.ts";
