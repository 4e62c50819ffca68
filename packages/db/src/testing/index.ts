export * from "./ledger.ts";
export * from "./paid-top-ups.ts";
export * from "./program.ts";
export * from "./sqld.ts";
export * from "./temp-db.ts";
