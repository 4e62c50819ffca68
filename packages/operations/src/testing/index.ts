export * from "./local-stripe.ts";
export * from "./test-deps.ts";
