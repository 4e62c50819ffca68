CREATE TABLE `disputes` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`top_up_id` text NOT NULL,
	`payment_intent_id` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`status` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "disputes_amount" CHECK(amount_minor >= 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `disputes_of_top_up` ON `disputes` (`top_up_id`);--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`top_up_id` text NOT NULL,
	`payment_intent_id` text NOT NULL,
	`gateway_refund_id` text,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`credits` integer,
	`status` text NOT NULL,
	`reason` text,
	`command_key` text,
	`fingerprint` text,
	`key` text,
	`params` text,
	`first_sent_at` integer,
	`next_step_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refunds_amount" CHECK(amount_minor > 0 and credits >= 0),
	CONSTRAINT "refunds_started_here" CHECK((credits is null) = (key is null) and (key is null) = (params is null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `refunds_of_top_up` ON `refunds` (`top_up_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_gateway_id` ON `refunds` (`gateway_refund_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_command_key` ON `refunds` (`command_key`);--> statement-breakpoint
CREATE INDEX `refunds_due` ON `refunds` (`next_step_at`) WHERE next_step_at is not null;--> statement-breakpoint
-- Checks of a table cannot be altered, so entries and lots are written anew. The triggers on them go with
-- them; those that look at lots from elsewhere have to go first, as lots are away for a moment.
DROP TRIGGER `entries_move_lots`;--> statement-breakpoint
DROP TRIGGER `extensions_move_lots`;--> statement-breakpoint
CREATE TABLE `__new_entries` (
	`posting_id` integer NOT NULL,
	`position` integer NOT NULL,
	`from_account` text NOT NULL,
	`to_account` text NOT NULL,
	`amount` integer NOT NULL,
	`lot_id` text,
	PRIMARY KEY(`posting_id`, `position`),
	FOREIGN KEY (`posting_id`) REFERENCES `postings`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "entries_amount" CHECK(amount > 0),
	CONSTRAINT "entries_customer" CHECK(from_account = 'customer' or to_account = 'customer'),
	CONSTRAINT "entries_lot" CHECK(lot_id is not null or from_account in ('usage', 'refunds') or to_account in ('usage', 'refunds'))
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_entries`("posting_id", "position", "from_account", "to_account", "amount", "lot_id") SELECT "posting_id", "position", "from_account", "to_account", "amount", "lot_id" FROM `entries`;--> statement-breakpoint
DROP TABLE `entries`;--> statement-breakpoint
ALTER TABLE `__new_entries` RENAME TO `entries`;--> statement-breakpoint
CREATE TABLE `__new_lots` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`granted` integer NOT NULL,
	`remaining` integer NOT NULL,
	`is_open` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`frozen` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "lots_remaining" CHECK(remaining >= 0 and frozen >= 0 and remaining + frozen <= granted),
	CONSTRAINT "lots_is_open" CHECK(is_open = (remaining + frozen > 0)),
	CONSTRAINT "lots_kind" CHECK(kind in ('paid', 'free')),
	CONSTRAINT "lots_life" CHECK(effective_at < expires_at)
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_lots`("id", "account_id", "kind", "source", "granted", "remaining", "is_open", "effective_at", "expires_at", "frozen") SELECT "id", "account_id", "kind", "source", "granted", "remaining", "is_open", "effective_at", "expires_at", 0 FROM `lots`;--> statement-breakpoint
DROP TABLE `lots`;--> statement-breakpoint
ALTER TABLE `__new_lots` RENAME TO `lots`;--> statement-breakpoint
CREATE INDEX `lots_open` ON `lots` (`account_id`) WHERE is_open = 1;--> statement-breakpoint
CREATE INDEX `lots_spent` ON `lots` (`account_id`) WHERE is_open = 0;--> statement-breakpoint
CREATE INDEX `lots_due` ON `lots` (`expires_at`) WHERE is_open = 1;--> statement-breakpoint
ALTER TABLE `postings` ADD `top_up_id` text;
--> statement-breakpoint
CREATE TRIGGER `entries_never_change` BEFORE UPDATE ON `entries`
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `entries_never_go` BEFORE DELETE ON `entries`
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
--> statement-breakpoint
-- An entry moves a lot of its own account, and nothing else does. Both sides are the customer when a
-- lot repays debt. What goes to `holds` stays in its lot, out of reach.
CREATE TRIGGER `entries_move_lots` AFTER INSERT ON `entries` WHEN NEW.lot_id IS NOT NULL
BEGIN
  UPDATE lots SET
    remaining = remaining + iif(NEW.from_account = 'customer', -NEW.amount, NEW.amount),
    frozen = frozen + CASE 'holds' WHEN NEW.to_account THEN NEW.amount WHEN NEW.from_account THEN -NEW.amount ELSE 0 END,
    is_open = remaining + frozen + CASE WHEN 'holds' IN (NEW.from_account, NEW.to_account) THEN 0
      WHEN NEW.from_account = 'customer' THEN -NEW.amount ELSE NEW.amount END > 0
  WHERE id = NEW.lot_id AND account_id = (SELECT account_id FROM postings WHERE id = NEW.posting_id);
  SELECT RAISE(ABORT, 'an entry moves a lot of its own account') WHERE changes() = 0;
END;
--> statement-breakpoint
CREATE TRIGGER `extensions_move_lots` AFTER INSERT ON `extensions`
BEGIN
  SELECT RAISE(ABORT, 'an extension starts from the date the lot has')
    WHERE NEW.old_expires_at IS NOT (SELECT expires_at FROM lots WHERE id = NEW.lot_id
      AND account_id = (SELECT account_id FROM postings WHERE id = NEW.posting_id));
  UPDATE lots SET expires_at = NEW.new_expires_at WHERE id = NEW.lot_id;
END;
--> statement-breakpoint
-- Only the expiry and the contents of a lot ever move, and the expiry only later.
CREATE TRIGGER `lots_keep_their_grant` BEFORE UPDATE ON `lots`
WHEN NEW.granted <> OLD.granted OR NEW.kind <> OLD.kind OR NEW.account_id <> OLD.account_id
  OR NEW.effective_at <> OLD.effective_at OR NEW.expires_at < OLD.expires_at
BEGIN SELECT RAISE(ABORT, 'a lot keeps what was granted'); END;
