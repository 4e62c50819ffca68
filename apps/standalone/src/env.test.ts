import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readEnv, readOpsEnv } from "./env.ts";

const REDIS_URL = "redis://127.0.0.1:6379";
const WEBHOOK = "whsec_0123456789";
const real = {
  STRIPE_SECRET_KEY: "sk_live_0123456789",
  STRIPE_PUBLISHABLE_KEY: "pk_live_0123456789",
  STRIPE_WEBHOOK_SECRET: WEBHOOK,
};
const standIn = {
  STRIPE_SECRET_KEY: "sk_test_standin_one",
  STRIPE_WEBHOOK_SECRET: WEBHOOK,
  STRIPE_API_BASE: "http://127.0.0.1:12111",
};
const outside = { AUTH_SECRET: "x".repeat(32), PUBLIC_URL: "https://scanmeter.example/" };
const seller = {
  SELLER_NAME: "Scanmeter GmbH",
  SELLER_ADDRESS: "Hauptstraße 5; 10115 Berlin",
  SELLER_COUNTRY: "DE",
  SELLER_VAT_ID: "DE123456789",
  SELLER_EMAIL: "billing@scanmeter.example",
  SELLER_TAX_RATE: "19",
};
const production = { REDIS_URL, NODE_ENV: "production" };

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
      payments: null,
      seller: expect.objectContaining({ country: "DE", taxBasisPoints: 1_900 }),
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

describe("with a real Stripe's keys", () => {
  test("there is no sandbox, and a secret is required", () => {
    expect(readEnv({ REDIS_URL, ...real, ...outside, ...seller })).toMatchObject({
      sandbox: null,
      publicUrl: "https://scanmeter.example",
      payments: {
        secretKey: real.STRIPE_SECRET_KEY,
        apiBase: null,
        webhookSecrets: [WEBHOOK],
      },
      seller: {
        name: "Scanmeter GmbH",
        addressLines: ["Hauptstraße 5", "10115 Berlin"],
        country: "DE",
        vatId: "DE123456789",
        email: "billing@scanmeter.example",
        taxBasisPoints: 1_900,
      },
    });
    expect(problemsWith({ REDIS_URL, ...real })).toBe(
      "The environment is not usable:\n" +
        "  - AUTH_SECRET is missing; it is required outside the sandbox",
    );
  });

  test("without a seller it starts: test keys sell in the demo seller's name, live ones not at all", () => {
    const { AUTH_SECRET } = outside;
    const test = {
      ...real,
      STRIPE_SECRET_KEY: "sk_test_0123456789",
      STRIPE_PUBLISHABLE_KEY: "pk_test_0123456789",
    };
    expect(readEnv({ REDIS_URL, ...test, AUTH_SECRET })).toMatchObject({
      sandbox: null,
      publicUrl: null,
      seller: { name: "Scanmeter Demo GmbH" },
    });
    expect(readEnv({ REDIS_URL, ...real, AUTH_SECRET })).toMatchObject({ seller: null });
  });

  test("half of the keys is a mistake, not a sandbox", () => {
    const problems = problemsWith({ REDIS_URL, STRIPE_SECRET_KEY: real.STRIPE_SECRET_KEY });
    expect(problems).toContain(
      "STRIPE_PUBLISHABLE_KEY is missing, although STRIPE_SECRET_KEY is set",
    );
    expect(problems).toContain("STRIPE_WEBHOOK_SECRET is missing");
  });

  test("another host than Stripe's is refused, live or test", () => {
    for (const STRIPE_SECRET_KEY of ["sk_live_0123456789", "sk_test_0123", "rk_live_0123"]) {
      const source = { REDIS_URL, ...real, ...outside, ...seller, STRIPE_SECRET_KEY };
      expect(problemsWith({ ...source, STRIPE_API_BASE: "http://127.0.0.1:12111" })).toContain(
        "STRIPE_API_BASE is set although STRIPE_SECRET_KEY is a real key",
      );
    }
  });

  test("keys that are no keys, or of two modes, are named and never repeated", () => {
    const wrong = {
      STRIPE_SECRET_KEY: "pk_live_secret",
      STRIPE_PUBLISHABLE_KEY: "sk_live_secret",
      STRIPE_WEBHOOK_SECRET: "secret",
    };
    const problems = problemsWith({ REDIS_URL, ...wrong, ...outside, ...seller });
    for (const name of Object.keys(wrong)) expect(problems).toContain(`${name} must start with`);
    expect(problems).not.toMatch(/_secret|: secret/);

    const mixed = { ...real, STRIPE_PUBLISHABLE_KEY: "pk_test_0123" };
    expect(problemsWith({ REDIS_URL, ...mixed, ...outside, ...seller })).toContain(
      "are not of the same mode",
    );
  });

  test("two webhook secrets are taken while one replaces the other, three are not", () => {
    const source = { REDIS_URL, ...real, ...outside, ...seller };
    const env = readEnv({ ...source, STRIPE_WEBHOOK_SECRET: "whsec_new, whsec_old" });
    expect(env.payments?.webhookSecrets).toEqual(["whsec_new", "whsec_old"]);
    for (const STRIPE_WEBHOOK_SECRET of ["whsec_a,whsec_b,whsec_c", "whsec_a,", "whsec_a,b"]) {
      expect(problemsWith({ ...source, STRIPE_WEBHOOK_SECRET })).toContain("STRIPE_WEBHOOK_SECRET");
    }
  });
});

describe("with a local Stripe's key", () => {
  test("it is a sandbox that buys there", () => {
    expect(readEnv({ REDIS_URL, ...standIn })).toMatchObject({
      sandbox: { seed: "demo" },
      payments: {
        secretKey: "sk_test_standin_one",
        apiBase: "http://127.0.0.1:12111",
        webhookSecrets: [WEBHOOK],
      },
    });
  });

  test("it has to be told where that is, and that it is on this machine", () => {
    const { STRIPE_API_BASE: _, ...nowhere } = standIn;
    expect(problemsWith({ REDIS_URL, ...nowhere })).toContain("STRIPE_API_BASE is missing");
    expect(
      problemsWith({ REDIS_URL, ...standIn, STRIPE_API_BASE: "https://elsewhere.example" }),
    ).toContain("STRIPE_API_BASE must be an address of this machine");
    expect(problemsWith({ REDIS_URL, STRIPE_API_BASE: standIn.STRIPE_API_BASE })).toContain(
      "STRIPE_API_BASE is set without a STRIPE_SECRET_KEY",
    );
  });
});

describe("in production without keys", () => {
  test("nothing can be bought, and nothing of the sandbox is there", () => {
    expect(readEnv({ ...production, ...outside })).toMatchObject({
      sandbox: null,
      payments: null,
      seller: null,
    });
    expect(problemsWith(production)).toContain("AUTH_SECRET is missing");
  });

  test("a sandbox is there when it is asked for by name", () => {
    expect(readEnv({ ...production, SANDBOX_SEED: "none" })).toMatchObject({
      sandbox: { seed: "none" },
      payments: null,
    });
  });
});

describe("the seller", () => {
  test("needs no VAT id without a tax, and may have one with two decimals", () => {
    const { SELLER_VAT_ID: _, ...taxFree } = { ...seller, SELLER_TAX_RATE: "0" };
    expect(readEnv({ REDIS_URL, ...taxFree }).seller).toMatchObject({
      vatId: null,
      taxBasisPoints: 0,
    });
    expect(readEnv({ REDIS_URL, ...seller, SELLER_TAX_RATE: "8.15" }).seller).toMatchObject({
      taxBasisPoints: 815,
    });
  });

  test("is a whole one or none, in a sandbox too", () => {
    expect(problemsWith({ REDIS_URL, SELLER_NAME: "Half", SELLER_TAX_RATE: "19" })).toBe(
      "The environment is not usable:\n" +
        "  - SELLER_ADDRESS is missing, although SELLER_NAME and SELLER_TAX_RATE are set\n" +
        "  - SELLER_COUNTRY is missing, although SELLER_NAME and SELLER_TAX_RATE are set\n" +
        "  - SELLER_EMAIL is missing, although SELLER_NAME and SELLER_TAX_RATE are set\n" +
        "  - SELLER_VAT_ID is missing, although SELLER_NAME and SELLER_TAX_RATE are set",
    );
  });

  test.each([
    ["SELLER_ADDRESS", ";"],
    ["SELLER_ADDRESS", "a;b;c;d;e"],
    ["SELLER_COUNTRY", "Germany"],
    ["SELLER_VAT_ID", "123"],
    ["SELLER_EMAIL", "Billing <a@b.example>"],
    ["SELLER_TAX_RATE", "-1"],
    ["SELLER_TAX_RATE", "31"],
    ["SELLER_TAX_RATE", "19.005"],
    ["SELLER_TAX_RATE", "1e1"],
  ])("does not take %s=%s", (name, value) => {
    expect(problemsWith({ REDIS_URL, ...seller, [name]: value })).toContain(`${name} must`);
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
    // Once for what it says, once for the key that is not there.
    "STRIPE_API_BASE",
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
