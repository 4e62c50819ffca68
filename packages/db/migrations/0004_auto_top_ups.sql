CREATE TABLE `auto_top_ups` (
	`account_id` text PRIMARY KEY NOT NULL,
	`enabled` integer NOT NULL,
	`quantity` integer NOT NULL,
	`out_of_credits` integer NOT NULL,
	`before_expiry` integer NOT NULL,
	`threshold` integer NOT NULL,
	`monthly_limit_minor` integer,
	`revision` integer NOT NULL,
	`consent_id` text,
	`suspension_reason` text,
	`suspended_at` integer,
	`suspended_by` text,
	`renewal_expires_at` integer,
	`renewal_due_at` integer,
	`version` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`consent_id`) REFERENCES `consents`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "auto_top_ups_asked_for" CHECK(enabled = 0 or out_of_credits = 1 or before_expiry = 1),
	CONSTRAINT "auto_top_ups_consent" CHECK(enabled = 0 or consent_id is not null),
	CONSTRAINT "auto_top_ups_figures" CHECK(quantity >= 1 and threshold >= 0 and revision >= 1),
	CONSTRAINT "auto_top_ups_limit" CHECK(monthly_limit_minor >= 0),
	CONSTRAINT "auto_top_ups_suspension" CHECK((suspension_reason is null) = (suspended_at is null)),
	CONSTRAINT "auto_top_ups_renewal" CHECK((renewal_expires_at is null) = (renewal_due_at is null) and renewal_due_at < renewal_expires_at)
) STRICT;
--> statement-breakpoint
CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`user_id` text NOT NULL,
	`given_at` integer NOT NULL,
	`surface` text NOT NULL,
	`ip` text,
	`sentence` text NOT NULL,
	`text_version` text NOT NULL,
	`net_minor` integer NOT NULL,
	`total_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`quantity` integer NOT NULL,
	`out_of_credits` integer NOT NULL,
	`before_expiry` integer NOT NULL,
	`threshold` integer NOT NULL,
	`monthly_limit_minor` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "consents_surface" CHECK(surface in ('checkout', 'overview')),
	CONSTRAINT "consents_figures" CHECK(quantity >= 1 and threshold >= 0 and total_minor >= net_minor)
) STRICT;
--> statement-breakpoint
CREATE INDEX `consents_of_account` ON `consents` (`account_id`,`given_at`);
--> statement-breakpoint
CREATE TABLE `notice_levels` (
	`account_id` text PRIMARY KEY NOT NULL,
	`level` text NOT NULL,
	`version` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "notice_levels_level" CHECK(level in ('enough', 'low', 'depleted'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `notice_readers` (
	`account_id` text NOT NULL,
	`user_id` text NOT NULL,
	`read_until` integer NOT NULL,
	`muted` text NOT NULL,
	PRIMARY KEY(`account_id`, `user_id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "notice_readers_muted" CHECK(json_valid(muted))
) STRICT;
--> statement-breakpoint
CREATE TABLE `notices` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	`is_mailed` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "notices_data" CHECK(json_valid(data))
) STRICT;
--> statement-breakpoint
CREATE INDEX `notices_of_account` ON `notices` (`account_id`,`at`,`key`);
--> statement-breakpoint
CREATE INDEX `notices_to_mail` ON `notices` (`at`,`key`) WHERE is_mailed = 0;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `credit_epoch` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `low_balance` integer DEFAULT 5 NOT NULL;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `top_up_at` integer;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `keeps_expired` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `next_look_at` integer;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `looks_asked` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE INDEX `accounts_to_look_at` ON `accounts` (`next_look_at`) WHERE next_look_at is not null;
--> statement-breakpoint
-- Added in place: lots and purchases have guards, and rewriting the tables would take those along.
ALTER TABLE `lots` ADD `kept` integer DEFAULT 0 NOT NULL CONSTRAINT "lots_kept" CHECK(kept between 0 and frozen);
--> statement-breakpoint
-- What is due of a lot: its remainder at its date, what is kept of it when that is over.
DROP INDEX `lots_due`;
--> statement-breakpoint
CREATE INDEX `lots_due` ON `lots` (`expires_at`) WHERE remaining > 0;
--> statement-breakpoint
CREATE INDEX `lots_kept_until` ON `lots` (`expires_at`) WHERE kept > 0;
--> statement-breakpoint
ALTER TABLE `payment_methods` ADD `default_since` integer;
--> statement-breakpoint
ALTER TABLE `top_ups` ADD `consent_id` text CONSTRAINT "top_ups_consent" CHECK((trigger = 'manual') = (consent_id is null));
--> statement-breakpoint
CREATE INDEX `checkouts_open` ON `checkouts` (`account_id`) WHERE status = 'open';
--> statement-breakpoint
CREATE INDEX `top_ups_under_review` ON `top_ups` (`account_id`) WHERE state = 'needs_review';
--> statement-breakpoint
CREATE INDEX `top_ups_without_customer` ON `top_ups` (`account_id`,`created_at`) WHERE trigger <> 'manual';
--> statement-breakpoint
-- What an account has by now wants a look: its credits have dates nobody was told of yet.
UPDATE `accounts` SET next_look_at = 0 WHERE version > 0;
--> statement-breakpoint
UPDATE `payment_methods` SET default_since = created_at WHERE is_default = 1;
--> statement-breakpoint
-- A posting moves its account, and nothing else does. A writer that read an older version is stopped.
DROP TRIGGER `postings_move_accounts`;
--> statement-breakpoint
CREATE TRIGGER `postings_move_accounts` AFTER INSERT ON `postings`
BEGIN
  SELECT RAISE(ABORT, 'conflict: the account has moved on')
    WHERE NEW.version <> (SELECT version + 1 FROM accounts WHERE id = NEW.account_id);
  UPDATE accounts SET version = NEW.version, balance = NEW.balance_after, debt = NEW.debt_after,
    chain_hash = NEW.hash, credit_epoch = credit_epoch + (NEW.kind = 'grant') WHERE id = NEW.account_id;
END;
--> statement-breakpoint
-- As before, and what is kept past its date is told by the reason of the posting that keeps it.
DROP TRIGGER `entries_move_lots`;
--> statement-breakpoint
CREATE TRIGGER `entries_move_lots` AFTER INSERT ON `entries` WHEN NEW.lot_id IS NOT NULL
BEGIN
  UPDATE lots SET
    remaining = remaining + iif(NEW.from_account = 'customer', -NEW.amount, NEW.amount),
    frozen = frozen + CASE 'holds' WHEN NEW.to_account THEN NEW.amount WHEN NEW.from_account THEN -NEW.amount ELSE 0 END,
    kept = kept + iif('holds' IN (NEW.from_account, NEW.to_account) AND (SELECT reason FROM postings
        WHERE id = NEW.posting_id) IN ('frozen_at_expiry', 'revived', 'kept_too_long'),
      iif(NEW.to_account = 'holds', NEW.amount, -NEW.amount), 0),
    is_open = remaining + frozen + CASE WHEN 'holds' IN (NEW.from_account, NEW.to_account) THEN 0
      WHEN NEW.from_account = 'customer' THEN -NEW.amount ELSE NEW.amount END > 0
  WHERE id = NEW.lot_id AND account_id = (SELECT account_id FROM postings WHERE id = NEW.posting_id);
  SELECT RAISE(ABORT, 'an entry moves a lot of its own account') WHERE changes() = 0;
END;
--> statement-breakpoint
-- What the books have to know of the settings stands with the account they are read with.
CREATE TRIGGER `auto_top_ups_begin` AFTER INSERT ON `auto_top_ups`
BEGIN
  UPDATE accounts SET top_up_at = iif(NEW.enabled AND NEW.out_of_credits, NEW.threshold, NULL),
    keeps_expired = NEW.enabled AND NEW.before_expiry WHERE id = NEW.account_id;
END;
--> statement-breakpoint
CREATE TRIGGER `auto_top_ups_change` AFTER UPDATE ON `auto_top_ups`
BEGIN
  UPDATE accounts SET top_up_at = iif(NEW.enabled AND NEW.out_of_credits, NEW.threshold, NULL),
    keeps_expired = NEW.enabled AND NEW.before_expiry WHERE id = NEW.account_id;
END;
--> statement-breakpoint
-- The compare-and-set of the settings and of all that is decided by them.
CREATE TRIGGER `auto_top_ups_move` BEFORE UPDATE ON `auto_top_ups`
WHEN NEW.version <> OLD.version + 1 OR NEW.account_id <> OLD.account_id OR NEW.revision < OLD.revision
BEGIN SELECT RAISE(ABORT, 'conflict: the settings have moved on'); END;
--> statement-breakpoint
-- Two who save for the first time at once: the second reads what the first saved.
CREATE TRIGGER `auto_top_ups_once` BEFORE INSERT ON `auto_top_ups`
WHEN EXISTS (SELECT 1 FROM auto_top_ups WHERE account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'conflict: the settings are there already'); END;
--> statement-breakpoint
CREATE TRIGGER `consents_never_change` BEFORE UPDATE ON `consents`
BEGIN SELECT RAISE(ABORT, 'what was agreed to is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `consents_never_go` BEFORE DELETE ON `consents`
BEGIN SELECT RAISE(ABORT, 'what was agreed to is never deleted'); END;
--> statement-breakpoint
-- Nothing is bought without the customer that they did not agree to, or have switched off.
CREATE TRIGGER `top_ups_agreed_to` BEFORE INSERT ON `top_ups` WHEN NEW.trigger <> 'manual'
BEGIN
  SELECT RAISE(ABORT, 'conflict: it is not asked for any more') WHERE NOT EXISTS (
    SELECT 1 FROM auto_top_ups a JOIN consents c ON c.id = a.consent_id
    WHERE a.account_id = NEW.account_id AND a.enabled = 1 AND c.id = NEW.consent_id
      AND c.account_id = NEW.account_id);
  SELECT RAISE(ABORT, 'conflict: one is under way') WHERE EXISTS (
    SELECT 1 FROM top_ups WHERE account_id = NEW.account_id AND trigger <> 'manual'
      AND state NOT IN ('paid', 'expired', 'canceled', 'failed', 'needs_review'));
  SELECT RAISE(ABORT, 'conflict: this was answered already') WHERE EXISTS (
    SELECT 1 FROM top_ups WHERE trigger_key = NEW.trigger_key);
END;
--> statement-breakpoint
CREATE TRIGGER `notice_levels_move` BEFORE UPDATE ON `notice_levels`
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'conflict: the account was told meanwhile'); END;
--> statement-breakpoint
CREATE TRIGGER `notice_levels_once` BEFORE INSERT ON `notice_levels`
WHEN EXISTS (SELECT 1 FROM notice_levels WHERE account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'conflict: the account was told meanwhile'); END;
--> statement-breakpoint
-- A notice keeps its words.
CREATE TRIGGER `notices_keep_their_words` BEFORE UPDATE ON `notices`
WHEN NEW.key <> OLD.key OR NEW.account_id <> OLD.account_id OR NEW.kind <> OLD.kind
  OR NEW.data <> OLD.data OR NEW.at <> OLD.at OR NEW.is_mailed < OLD.is_mailed
BEGIN SELECT RAISE(ABORT, 'a notice keeps its words'); END;
