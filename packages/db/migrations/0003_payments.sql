CREATE TABLE `alerts` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`account_id` text,
	`text` text NOT NULL,
	`raised_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`times` integer NOT NULL,
	`resolved_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `alerts_open` ON `alerts` (`raised_at`) WHERE resolved_at is null;--> statement-breakpoint
CREATE TABLE `billing_details` (
	`account_id` text PRIMARY KEY NOT NULL,
	`details` text NOT NULL,
	`country` text NOT NULL,
	`tax_id` text,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `checkouts` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`opened_quantity` integer NOT NULL,
	`quantity` integer NOT NULL,
	`payment_method_id` text,
	`keeps_card` integer NOT NULL,
	`card_page_id` text,
	`top_up_id` text,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	`revision` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "checkouts_quantity" CHECK(quantity between 0 and 1000000),
	CONSTRAINT "checkouts_status" CHECK(status in ('open', 'complete', 'canceled')),
	CONSTRAINT "checkouts_ended" CHECK((ended_at is null) = (status = 'open'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `checkouts_key` ON `checkouts` (`account_id`,`idempotency_key`);--> statement-breakpoint
CREATE INDEX `checkouts_of_top_up` ON `checkouts` (`top_up_id`) WHERE top_up_id is not null;--> statement-breakpoint
CREATE INDEX `checkouts_card_page` ON `checkouts` (`card_page_id`) WHERE card_page_id is not null;--> statement-breakpoint
CREATE TABLE `gateway_customers` (
	`account_id` text NOT NULL,
	`livemode` integer NOT NULL,
	`customer_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `livemode`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `gateway_customers_id` ON `gateway_customers` (`customer_id`);--> statement-breakpoint
CREATE TABLE `gateway_events` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`object_id` text NOT NULL,
	`payment_intent_id` text,
	`top_up_id` text,
	`created_at` integer NOT NULL,
	`livemode` integer NOT NULL,
	`api_version` text,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`received_at` integer NOT NULL,
	`handled_at` integer,
	`next_attempt_at` integer,
	CONSTRAINT "gateway_events_state" CHECK(state in ('received', 'failed', 'handled', 'ignored')),
	CONSTRAINT "gateway_events_due" CHECK((next_attempt_at is not null) = (state in ('received', 'failed')))
) STRICT;
--> statement-breakpoint
CREATE INDEX `gateway_events_due` ON `gateway_events` (`next_attempt_at`) WHERE next_attempt_at is not null;--> statement-breakpoint
CREATE TABLE `invoices` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`top_up_id` text NOT NULL,
	`refund_id` text,
	`year` integer NOT NULL,
	`position` integer NOT NULL,
	`number` text NOT NULL,
	`issued_at` integer NOT NULL,
	`currency` text NOT NULL,
	`total_minor` integer NOT NULL,
	`credited_before_minor` integer,
	`document` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`top_up_id`) REFERENCES `top_ups`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "invoices_kind" CHECK(kind in ('invoice', 'credit_note', 'cancellation')),
	CONSTRAINT "invoices_refund" CHECK((refund_id is null) = (kind = 'invoice')),
	CONSTRAINT "invoices_credited" CHECK((credited_before_minor is null) = (kind = 'invoice')),
	CONSTRAINT "invoices_printed_number" CHECK(number = printf('%04d-%06d', year, position)),
	CONSTRAINT "invoices_figures" CHECK(position >= 1 and total_minor > 0),
	CONSTRAINT "invoices_credited_before" CHECK(credited_before_minor >= 0),
	CONSTRAINT "invoices_document" CHECK(json_valid(document))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_number` ON `invoices` (`year`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_top_up` ON `invoices` (`top_up_id`) WHERE kind = 'invoice';--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_refund` ON `invoices` (`refund_id`,`kind`) WHERE kind <> 'invoice';--> statement-breakpoint
CREATE INDEX `invoices_of_account` ON `invoices` (`account_id`,`year`,`position`);--> statement-breakpoint
CREATE INDEX `invoices_of_top_up` ON `invoices` (`top_up_id`);--> statement-breakpoint
CREATE TABLE `mails` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`recipient` text NOT NULL,
	`template` text NOT NULL,
	`data` text NOT NULL,
	`send_at` integer NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_attempt_at` integer,
	`sent_at` integer,
	`last_error` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "mails_state" CHECK(state in ('waiting', 'sent', 'failed')),
	CONSTRAINT "mails_waiting" CHECK((next_attempt_at is not null) = (state = 'waiting')),
	CONSTRAINT "mails_sent" CHECK((sent_at is not null) = (state = 'sent')),
	CONSTRAINT "mails_attempts" CHECK(attempts >= 0 and (state = 'waiting' or attempts > 0)),
	CONSTRAINT "mails_data" CHECK(json_valid(data))
) STRICT;
--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`next_attempt_at`,`key`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `mails_of_account` ON `mails` (`account_id`,`send_at`);--> statement-breakpoint
CREATE TABLE `payment_methods` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`brand` text NOT NULL,
	`last4` text NOT NULL,
	`exp_month` integer NOT NULL,
	`exp_year` integer NOT NULL,
	`fingerprint` text,
	`is_default` integer NOT NULL,
	`created_at` integer NOT NULL,
	`removed_at` integer,
	`detached_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payment_methods_default" CHECK(is_default = 0 or removed_at is null)
) STRICT;
--> statement-breakpoint
CREATE INDEX `payment_methods_of_account` ON `payment_methods` (`account_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payment_methods_default` ON `payment_methods` (`account_id`) WHERE is_default = 1;--> statement-breakpoint
CREATE INDEX `payment_methods_to_detach` ON `payment_methods` (`removed_at`) WHERE removed_at is not null and detached_at is null;--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`name` text PRIMARY KEY NOT NULL,
	`compared_until` integer NOT NULL,
	`next_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `top_ups` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`trigger` text NOT NULL,
	`trigger_key` text NOT NULL,
	`state` text NOT NULL,
	`terms` text NOT NULL,
	`customer_id` text NOT NULL,
	`livemode` integer NOT NULL,
	`payment_intent_id` text,
	`attempts` text NOT NULL,
	`closing` text,
	`redirect_url` text,
	`failure` text,
	`differences` text NOT NULL,
	`created_at` integer NOT NULL,
	`open_until` integer NOT NULL,
	`read_at` integer,
	`next_step_at` integer,
	`paid_at` integer,
	`lot_id` text,
	`billing` text NOT NULL,
	`card` text,
	`receipt` text,
	`settlement` text NOT NULL,
	`reversed` text,
	`revision` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "top_ups_trigger" CHECK(trigger in ('manual', 'out_of_credits', 'before_expiry')),
	CONSTRAINT "top_ups_state" CHECK(state in ('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing', 'paid', 'expired', 'canceled', 'failed', 'needs_review')),
	CONSTRAINT "top_ups_paid" CHECK((state = 'paid') = (lot_id is not null and paid_at is not null)),
	CONSTRAINT "top_ups_receipt" CHECK((state = 'paid') = (receipt is not null)),
	CONSTRAINT "top_ups_paid_by" CHECK(state <> 'paid' or payment_intent_id is not null),
	CONSTRAINT "top_ups_over" CHECK(state not in ('paid', 'needs_review') or next_step_at is null),
	CONSTRAINT "top_ups_settlement" CHECK(settlement in ('none', 'refund_pending', 'partially_refunded', 'refunded', 'inquiry', 'disputed', 'dispute_lost')),
	CONSTRAINT "top_ups_settled" CHECK(settlement = 'none' or state = 'paid')
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `top_ups_trigger_key` ON `top_ups` (`trigger_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `top_ups_payment_intent` ON `top_ups` (`payment_intent_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `top_ups_lot` ON `top_ups` (`lot_id`);--> statement-breakpoint
CREATE INDEX `top_ups_of_account` ON `top_ups` (`account_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `top_ups_by_hand` ON `top_ups` (`account_id`) WHERE trigger = 'manual' and state in ('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing');--> statement-breakpoint
CREATE UNIQUE INDEX `top_ups_automatic` ON `top_ups` (`account_id`) WHERE trigger <> 'manual' and state in ('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing');--> statement-breakpoint
CREATE INDEX `top_ups_due` ON `top_ups` (`next_step_at`) WHERE next_step_at is not null;--> statement-breakpoint
CREATE INDEX `top_ups_paid` ON `top_ups` (`paid_at`,`id`) WHERE state = 'paid';
--> statement-breakpoint
-- The compare-and-set of a purchase. What was ordered stays as it was ordered, a payment stays the one
-- it was given, and what is paid stays paid; money that leaves again is its settlement.
CREATE TRIGGER `top_ups_move` BEFORE UPDATE ON `top_ups`
BEGIN SELECT CASE
  WHEN NEW.revision <> OLD.revision + 1 THEN RAISE(ABORT, 'conflict: the purchase has moved on')
  WHEN NEW.account_id <> OLD.account_id OR NEW.trigger_key <> OLD.trigger_key
    OR NEW.terms <> OLD.terms OR NEW.customer_id <> OLD.customer_id OR NEW.livemode <> OLD.livemode
    THEN RAISE(ABORT, 'a purchase stays what was ordered')
  WHEN OLD.payment_intent_id IS NOT NULL AND NEW.payment_intent_id IS NOT OLD.payment_intent_id
    THEN RAISE(ABORT, 'a purchase keeps its payment')
  WHEN OLD.state = 'paid' AND (NEW.state <> 'paid' OR NEW.lot_id <> OLD.lot_id)
    THEN RAISE(ABORT, 'what is paid stays paid') END; END;
--> statement-breakpoint
CREATE TRIGGER `checkouts_move` BEFORE UPDATE ON `checkouts`
WHEN NEW.revision <> OLD.revision + 1 OR NEW.account_id <> OLD.account_id
BEGIN SELECT RAISE(ABORT, 'conflict: the checkout has moved on'); END;
--> statement-breakpoint
-- A document that was given out is never changed. A correction is another document.
CREATE TRIGGER `invoices_never_change` BEFORE UPDATE ON `invoices`
BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `invoices_never_go` BEFORE DELETE ON `invoices`
BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
--> statement-breakpoint
-- One series without a gap, whoever writes. A second document for the same thing, and a credit note
-- whose writer did not see the one before, are conflicts: read again, decide again.
CREATE TRIGGER `invoices_in_order` BEFORE INSERT ON `invoices`
BEGIN
  SELECT RAISE(ABORT, 'the numbers of a year have no gap')
    WHERE NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM invoices WHERE year = NEW.year);
  SELECT RAISE(ABORT, 'conflict: the document is there already')
    WHERE EXISTS (SELECT 1 FROM invoices WHERE top_up_id = NEW.top_up_id AND kind = NEW.kind
      AND refund_id IS NEW.refund_id);
  SELECT RAISE(ABORT, 'an invoice is for a purchase of its account that is paid')
    WHERE NOT EXISTS (SELECT 1 FROM top_ups WHERE id = NEW.top_up_id
      AND account_id = NEW.account_id AND state = 'paid');
  SELECT RAISE(ABORT, 'conflict: another part was credited meanwhile')
    WHERE NEW.kind <> 'invoice' AND NEW.credited_before_minor <> (
      SELECT coalesce(sum(iif(kind = 'credit_note', total_minor, -total_minor)), 0)
      FROM invoices WHERE top_up_id = NEW.top_up_id AND kind <> 'invoice');
  SELECT RAISE(ABORT, 'a credit note belongs to an invoice and never exceeds it')
    WHERE NEW.kind = 'credit_note' AND NEW.credited_before_minor + NEW.total_minor > coalesce((
      SELECT total_minor FROM invoices WHERE top_up_id = NEW.top_up_id AND kind = 'invoice'
        AND account_id = NEW.account_id AND currency = NEW.currency), 0);
  SELECT RAISE(ABORT, 'a cancellation cancels a credit note as a whole')
    WHERE NEW.kind = 'cancellation' AND NEW.total_minor IS NOT (
      SELECT total_minor FROM invoices WHERE top_up_id = NEW.top_up_id AND kind = 'credit_note'
        AND refund_id = NEW.refund_id AND account_id = NEW.account_id);
END;
--> statement-breakpoint
-- A mail keeps its words, and one that was sent is over.
CREATE TRIGGER `mails_keep_their_words` BEFORE UPDATE ON `mails`
WHEN NEW.key <> OLD.key OR NEW.recipient <> OLD.recipient OR NEW.template <> OLD.template
  OR NEW.data <> OLD.data OR NEW.account_id <> OLD.account_id OR NEW.send_at <> OLD.send_at
  OR OLD.state = 'sent'
BEGIN SELECT RAISE(ABORT, 'a mail keeps its words, and one that was sent is over'); END;
