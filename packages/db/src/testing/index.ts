export * from "./ledger.ts";
export * from "./program.ts";
export * from "./sqld.ts";
export * from "./temp-db.ts";
