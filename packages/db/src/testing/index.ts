export * from "./auto-top-ups.ts";
export * from "./ledger.ts";
export * from "./members.ts";
export * from "./migrated.ts";
export * from "./paid-top-ups.ts";
export * from "./program.ts";
export * from "./sqld.ts";
export * from "./temp-db.ts";
