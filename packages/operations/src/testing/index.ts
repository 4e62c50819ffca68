export * from "./test-deps.ts";
