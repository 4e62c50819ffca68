/**
 * A customer's bank takes the money back, or asks. An inquiry (`warning_…`) moves nothing; a dispute
 * takes amount and fee when it opens and gives the amount back only when it is won.
 */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { invalidRequest } from "../api/errors.ts";
import { listAll, listParams } from "../api/list.ts";
import { boolean, metadata, object, text } from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, mergeMetadata, saveAndTell, type World } from "../world.ts";
import { type BalanceTransaction, newBalanceTransaction } from "./balance-transactions.ts";
import type { Charge } from "./charges.ts";

type OpenStatus =
  | "warning_needs_response"
  | "warning_under_review"
  | "needs_response"
  | "under_review";
export type EndStatus = "won" | "lost" | "warning_closed" | "prevented";

export interface Dispute extends Resource {
  amount: number;
  balance_transactions: BalanceTransaction[];
  charge: string;
  currency: string;
  evidence: Record<string, unknown>;
  evidence_details: { submission_count: number; has_evidence: boolean; [more: string]: unknown };
  metadata: Record<string, string>;
  status: OpenStatus | EndStatus;
  [more: string]: unknown;
}

const FEE = 2000;
const RESPONSE_TIME_S = 9 * 86_400;

const EVIDENCE = [
  "access_activity_log",
  "billing_address",
  "cancellation_policy",
  "cancellation_policy_disclosure",
  "cancellation_rebuttal",
  "customer_communication",
  "customer_email_address",
  "customer_name",
  "customer_purchase_ip",
  "customer_signature",
  "duplicate_charge_documentation",
  "duplicate_charge_explanation",
  "duplicate_charge_id",
  "product_description",
  "receipt",
  "refund_policy",
  "refund_policy_disclosure",
  "refund_refusal_explanation",
  "service_date",
  "service_documentation",
  "shipping_address",
  "shipping_carrier",
  "shipping_date",
  "shipping_documentation",
  "shipping_tracking_number",
  "uncategorized_file",
  "uncategorized_text",
] as const;

const evidenceShape = Object.fromEntries(EVIDENCE.map((name) => [name, text(20_000)]));

/** The published texts that decide a test dispute. */
const VERDICT_OF_TEXT: Readonly<Record<string, "win" | "lose" | "escalate">> = {
  winning_evidence: "win",
  losing_evidence: "lose",
  escalate_inquiry_evidence: "escalate",
};

export const disputeEndpoints: readonly Endpoint[] = [
  endpoint(
    "get",
    "/v1/disputes",
    { ...listParams, charge: text(), payment_intent: text() },
    (world, { charge, payment_intent, ...params }) =>
      listAll<Dispute>(world, { object: "dispute", url: "/v1/disputes" }, params, {
        where: { charge, payment_intent },
      }),
  ),
  endpoint("get", "/v1/disputes/:id", {}, (world, _, { id }) => get<Dispute>(world, "dispute", id)),
  endpoint(
    "post",
    "/v1/disputes/:id",
    { evidence: object(evidenceShape), metadata, submit: boolean },
    (world, { evidence, metadata: given, submit = true }, { id }) => {
      const dispute = get<Dispute>(world, "dispute", id);
      const changed = { ...dispute, metadata: mergeMetadata(dispute.metadata, given) };
      if (evidence === undefined) return saveAndTell(world, "charge.dispute.updated", changed);
      refuseUnlessOpen(dispute);
      changed.evidence = { ...dispute.evidence, ...evidence };
      return submit ? submitEvidence(world, changed) : saveEvidence(world, changed, 0);
    },
  ),
  endpoint("post", "/v1/disputes/:id/close", {}, (world, _, { id }) => {
    const dispute = get<Dispute>(world, "dispute", id);
    refuseUnlessOpen(dispute);
    return endDispute(world, id, "lost");
  }),
];

export function openDispute(
  world: World,
  given: { charge: string; reason: string; isInquiry: boolean; amount?: number },
): Dispute {
  const charge = get<Charge>(world, "charge", given.charge);
  const created = world.clock.seconds();
  const dispute: Dispute = {
    id: newId("du"),
    object: "dispute",
    amount: given.amount ?? charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: Object.fromEntries(EVIDENCE.map((name) => [name, null])),
    evidence_details: {
      due_by: created + RESPONSE_TIME_S,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: given.isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: "visa",
        case_type: given.isInquiry ? "inquiry" : "chargeback",
        network: "visa",
        network_reason_code: "10.4",
      },
      type: "card",
    },
    reason: given.reason,
    status: given.isInquiry ? "warning_needs_response" : "needs_response",
  };
  dispute.evidence.enhanced_evidence = {};
  world.store.insert(dispute, created);
  saveAndTell(world, "charge.updated", { ...charge, disputed: true });
  world.emit("charge.dispute.created", dispute);
  return given.isInquiry ? dispute : withdraw(world, dispute);
}

/** An inquiry that was not settled becomes a dispute, and only now the money goes. */
export function escalate(world: World, id: string): Dispute {
  const dispute = get<Dispute>(world, "dispute", id);
  if (!dispute.status.startsWith("warning_") || dispute.status === "warning_closed") return dispute;
  const status = "needs_response" as const;
  const changed = { ...dispute, status, is_charge_refundable: false };
  return withdraw(world, saveAndTell(world, "charge.dispute.updated", changed));
}

/** The same end twice changes nothing; an inquiry cannot be lost, it just closes. */
export function endDispute(world: World, id: string, wished: EndStatus): Dispute {
  const dispute = get<Dispute>(world, "dispute", id);
  if (isOver(dispute)) return dispute;
  const isInquiry = dispute.status.startsWith("warning_");
  const status = isInquiry && wished !== "prevented" ? "warning_closed" : wished;
  const ended = saveEnd(world, { ...dispute, status });
  world.emit("charge.dispute.closed", ended);
  if (status === "won") world.emit("charge.dispute.funds_reinstated", ended);
  return ended;
}

/** A refund on top of money the bank has already taken would pay the customer twice. */
export function hasBlockingDispute(world: World, charge: string): boolean {
  const where = { charge, status: ["needs_response", "under_review", "lost"] };
  const everything = { createdFrom: 0, createdTo: Number.MAX_SAFE_INTEGER, limit: 1 };
  return world.store.list({ object: "dispute", where, ...everything }).length > 0;
}

function submitEvidence(world: World, dispute: Dispute): Dispute {
  dispute.status = dispute.status.startsWith("warning_") ? "warning_under_review" : "under_review";
  dispute.evidence_details.submission_method = "manual";
  const submitted = saveEvidence(world, dispute, 1);
  const verdict = VERDICT_OF_TEXT[String(submitted.evidence.uncategorized_text)];
  if (verdict !== undefined) {
    const dueAt = world.clock.now() + world.consequencesAfterMs;
    const task = { kind: "decide_dispute", subject: dispute.id, dueAt };
    world.schedule({ ...task, details: { verdict } });
  }
  return submitted;
}

function saveEvidence(world: World, dispute: Dispute, submissions: 0 | 1): Dispute {
  const { submission_count } = dispute.evidence_details;
  dispute.evidence_details = {
    ...dispute.evidence_details,
    has_evidence: true,
    submission_count: submission_count + submissions,
  };
  return saveAndTell(world, "charge.dispute.updated", dispute);
}

function saveEnd(world: World, dispute: Dispute): Dispute {
  if (dispute.status === "won") {
    const { amount, currency } = dispute;
    const movement = { amount, currency, type: "adjustment", source: dispute.id } as const;
    dispute.balance_transactions = [
      ...dispute.balance_transactions,
      newBalanceTransaction(world, { ...movement, description: "Dispute won" }),
    ];
  }
  return world.store.save(dispute);
}

function withdraw(world: World, dispute: Dispute): Dispute {
  const { amount, currency, id: source } = dispute;
  const movement = { amount: -amount, fee: FEE, currency, type: "adjustment", source } as const;
  const changed: Dispute = {
    ...dispute,
    balance_transactions: [
      ...dispute.balance_transactions,
      newBalanceTransaction(world, { ...movement, description: "Chargeback withdrawal" }),
    ],
  };
  return saveAndTell(world, "charge.dispute.funds_withdrawn", changed);
}

function isOver({ status }: Dispute): boolean {
  return ["won", "lost", "warning_closed", "prevented"].includes(status);
}

function refuseUnlessOpen(dispute: Dispute): void {
  if (isOver(dispute)) throw invalidRequest("This dispute is already closed.");
}
