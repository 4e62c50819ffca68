export * from "./arbitraries.ts";
export * from "./builders.ts";
export * from "./documents.ts";
export * from "./ledger-histories.ts";
export * from "./ledger-model.ts";
export * from "./ledger-trial.ts";
