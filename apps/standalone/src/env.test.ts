import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readEnv, readOpsEnv } from "./env.ts";

const REDIS_URL = "redis://127.0.0.1:6379";
const stripe = {
  STRIPE_SECRET_KEY: "sk",
  STRIPE_PUBLISHABLE_KEY: "pk",
  STRIPE_WEBHOOK_SECRET: "whsec",
};

function problemsWith(source: Record<string, string>): string {
  try {
    readEnv(source);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the sandbox", () => {
  test("needs nothing but a Redis; everything else has its default", () => {
    expect(readEnv({ REDIS_URL })).toEqual({
      host: "127.0.0.1",
      port: 3000,
      dataDir: resolve(".data"),
      databaseUrl: `file:${resolve(".data")}/scanmeter.db`,
      databaseAuthToken: undefined,
      redisUrl: REDIS_URL,
      publicUrl: null,
      logLevel: "info",
      authSecret: null,
      mail: { smtpUrl: null, from: "Scanmeter <no-reply@scanmeter.test>" },
      sandbox: { seed: "demo" },
    });
  });

  test("takes an empty variable as one that is not set", () => {
    expect(readEnv({ REDIS_URL, PORT: "", STRIPE_SECRET_KEY: " " })).toMatchObject({
      port: 3000,
      sandbox: { seed: "demo" },
    });
  });

  test("can be told to start without demo data and on any free port", () => {
    expect(readEnv({ REDIS_URL, SANDBOX_SEED: "none", PORT: "0" })).toMatchObject({
      port: 0,
      sandbox: { seed: "none" },
    });
  });
});

describe("with Stripe's keys", () => {
  test("there is no sandbox, and secret and address are required", () => {
    const AUTH_SECRET = "x".repeat(32);
    const PUBLIC_URL = "https://scanmeter.example/";
    expect(readEnv({ REDIS_URL, ...stripe, AUTH_SECRET, PUBLIC_URL })).toMatchObject({
      sandbox: null,
      publicUrl: "https://scanmeter.example",
    });
    expect(problemsWith({ REDIS_URL, ...stripe })).toBe(
      "The environment is not usable:\n" +
        "  - AUTH_SECRET is missing; it is required outside the sandbox\n" +
        "  - PUBLIC_URL is missing; it is required outside the sandbox",
    );
  });

  test("half of the keys is a mistake, not a sandbox", () => {
    const problems = problemsWith({ REDIS_URL, STRIPE_SECRET_KEY: "sk" });
    expect(problems).toContain(
      "STRIPE_PUBLISHABLE_KEY is missing, although STRIPE_SECRET_KEY is set",
    );
    expect(problems).toContain("STRIPE_WEBHOOK_SECRET is missing");
  });
});

test("everything that is wrong is named at once", () => {
  const problems = problemsWith({
    PORT: "70000",
    HOST: "no host",
    DATABASE_URL: "mysql://x",
    PUBLIC_URL: "https://scanmeter.example/path",
    LOG_LEVEL: "loud",
    AUTH_SECRET: "short",
    SMTP_URL: "mail.example",
    MAIL_FROM: "nobody",
    SANDBOX_SEED: "some",
    STRIPE_API_BASE: "here",
  });
  expect(
    problems
      .split("\n")
      .slice(1)
      .map((line) => line.split(" ")[3]),
  ).toEqual([
    "DATABASE_URL",
    "HOST",
    "PORT",
    "REDIS_URL",
    "PUBLIC_URL",
    "LOG_LEVEL",
    "AUTH_SECRET",
    "SMTP_URL",
    "MAIL_FROM",
    "STRIPE_API_BASE",
    "SANDBOX_SEED",
  ]);
});

test("a port is a number a port can be", () => {
  for (const PORT of ["-1", "3000.5", "3e3", "65536", "0x10", "three"]) {
    expect(problemsWith({ REDIS_URL, PORT })).toContain("PORT must be a port");
  }
});

test("a folder may have any name", () => {
  expect(readOpsEnv({ DATA_DIR: "/my data/50% #1?" }).databaseUrl).toBe(
    "file:/my%20data/50%25%20%231%3F/scanmeter.db",
  );
});

test("the operator's commands need no Redis", () => {
  expect(readOpsEnv({ DATA_DIR: "/data" })).toEqual({
    dataDir: "/data",
    databaseUrl: "file:/data/scanmeter.db",
    databaseAuthToken: undefined,
  });
});
