export * from "./ledger.ts";
export * from "./sqld.ts";
export * from "./temp-db.ts";
