/** The local Stripe from the side of a test: what goes wrong there, what was called, what it has. */
import { expect } from "vitest";
import { type LocalStripeProcess, STAND_IN_KEY } from "../../../../scripts/local-stripe.mjs";

/** See the README of the local Stripe. */
export interface Fault {
  readonly method?: string;
  readonly path: string;
  readonly kind: string;
  readonly phase?: "before" | "after";
  readonly times?: number;
  readonly ms?: number;
}

export interface NewsRule {
  readonly types?: readonly string[];
  readonly action: string;
  readonly count?: number;
}

export interface Intent {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly amount_received: number;
  readonly customer: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface GatewayCall {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly status: number;
  readonly isReplay: boolean;
}

interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly object: { readonly id: string } };
}

interface Listed<One> {
  readonly data: readonly One[];
}

export const CREATE = "/v1/payment_intents";
export const CONFIRM = "/v1/payment_intents/*/confirm";

const WITHIN = { timeout: 10_000, interval: 10 };

export class StripeSide {
  readonly #process: LocalStripeProcess;

  constructor(process: LocalStripeProcess) {
    this.#process = process;
  }

  get url(): string {
    return this.#process.url;
  }

  get webhookSecret(): string {
    return this.#process.webhookSecret;
  }

  async control<Answer = unknown>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.url}/_control${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as Answer;
  }

  /** The API as any client speaks it; a form is posted. */
  async api<Answer>(
    path: string,
    form?: Readonly<Record<string, string>>,
    key?: string,
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      headers: {
        authorization: `Bearer ${STAND_IN_KEY}`,
        ...(key && { "idempotency-key": key }),
      },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    return (await response.json()) as Answer;
  }

  /** As somebody does it in the dashboard. */
  async deletes(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${STAND_IN_KEY}` };
    const response = await fetch(`${this.url}${path}`, { method: "DELETE", headers });
    expect(await response.json()).toMatchObject({ deleted: true });
  }

  intent(id: string): Promise<Intent> {
    return this.api(`${CREATE}/${id}`);
  }

  async intentsOf(customerId: string): Promise<readonly Intent[]> {
    return (await this.api<Listed<Intent>>(`${CREATE}?customer=${customerId}`)).data;
  }

  async succeededChargesOf(customerId: string): Promise<number> {
    const { data } = await this.api<Listed<{ status: string }>>(
      `/v1/charges?customer=${customerId}&limit=100`,
    );
    return data.filter(({ status }) => status === "succeeded").length;
  }

  /** What it would tell about an object, delivered or not. */
  async eventsAbout(objectId: string): Promise<readonly StripeEvent[]> {
    const { data } = await this.api<Listed<StripeEvent>>("/v1/events?limit=100");
    return data.filter((event) => event.data.object.id === objectId);
  }

  async successEventOf(intentId: string): Promise<StripeEvent> {
    const told = await this.eventsAbout(intentId);
    const success = told.find(({ type }) => type === "payment_intent.succeeded");
    if (success === undefined) throw new Error(`Nobody knows that ${intentId} succeeded.`);
    return success;
  }

  redeliver(eventId: string, times = 1): Promise<unknown> {
    return this.control("POST", `/events/${eventId}/redeliver`, { times });
  }

  async deliveriesOf(eventId: string): Promise<readonly { lastStatus: number | null }[]> {
    const all = await this.control<{ eventId: string; lastStatus: number | null }[]>(
      "GET",
      "/deliveries",
    );
    return all.filter((delivery) => delivery.eventId === eventId);
  }

  /** Money moves at the bank, or not, while the customer is away from our pages. */
  answerBank(intentId: string, answer: "approve" | "fail" = "approve"): Promise<unknown> {
    return this.control("POST", `/challenges/${intentId}`, { answer });
  }

  async fails(fault: Fault): Promise<{ readonly id: string }> {
    return this.control("POST", "/faults", { method: "post", ...fault });
  }

  /** Settles when a call has met this fault. */
  async hasStruck(faultId: string): Promise<void> {
    const seen = async () => {
      const faults = await this.control<{ id: string; seen: number }[]>("GET", "/faults");
      return faults.find(({ id }) => id === faultId)?.seen ?? 0;
    };
    await expect.poll(seen, WITHIN).toBeGreaterThan(0);
  }

  /**
   * Carries out the next such call and keeps its answer back, for longer than whoever called will
   * live. What is given back settles when the call is there, which is the moment to kill them.
   */
  async holdsBack(path: string, method = "post"): Promise<() => Promise<void>> {
    const before = await this.#heldBack();
    await this.fails({ method, path, kind: "delay", phase: "after", ms: 60_000 });
    return () => expect.poll(() => this.#heldBack(), WITHIN).toBe(before + 1);
  }

  async #heldBack(): Promise<number> {
    const calls = await this.control<{ fault: string | null }[]>("GET", "/calls");
    return calls.filter(({ fault }) => fault === "delay after").length;
  }

  async calls(path: RegExp): Promise<readonly GatewayCall[]> {
    const all = await this.control<GatewayCall[]>("GET", "/calls");
    return all.filter((call) => call.method === "post" && path.test(call.path));
  }

  tells(rule: NewsRule): Promise<unknown> {
    return this.control("POST", "/deliveries/rules", rule);
  }

  release(order: "together" | "same" | "reverse" = "together"): Promise<unknown> {
    return this.control("POST", "/deliveries/release", { order });
  }

  async behaves(): Promise<void> {
    await this.control("DELETE", "/faults");
    await this.control("DELETE", "/deliveries/rules");
  }

  /** Everything it had to tell was told. */
  async isIdle(): Promise<void> {
    expect(await this.control("POST", "/idle")).toEqual({ isIdle: true });
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
