CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`currency` text NOT NULL,
	`version` integer NOT NULL,
	`balance` integer NOT NULL,
	`debt` integer NOT NULL,
	`when_out_of_credits` text NOT NULL,
	`chain_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "accounts_balance" CHECK(balance >= 0 and debt >= 0 and version >= 0),
	CONSTRAINT "accounts_when_out_of_credits" CHECK(when_out_of_credits in ('pause', 'finish'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `auth_account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `auth_account_user` ON `auth_account` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_session` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_session_token_unique` ON `auth_session` (`token`);--> statement-breakpoint
CREATE INDEX `auth_session_user` ON `auth_session` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_user_email_unique` ON `auth_user` (`email`);--> statement-breakpoint
CREATE TABLE `auth_verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `auth_verification_identifier` ON `auth_verification` (`identifier`);--> statement-breakpoint
CREATE TABLE `entries` (
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
	CONSTRAINT "entries_lot" CHECK(lot_id is not null or from_account = 'usage' or to_account = 'usage')
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `extensions` (
	`posting_id` integer NOT NULL,
	`lot_id` text NOT NULL,
	`old_expires_at` integer NOT NULL,
	`new_expires_at` integer NOT NULL,
	PRIMARY KEY(`posting_id`, `lot_id`),
	FOREIGN KEY (`posting_id`) REFERENCES `postings`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "extensions_later" CHECK(new_expires_at > old_expires_at)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `extensions_of_lot` ON `extensions` (`lot_id`);--> statement-breakpoint
CREATE TABLE `lots` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`granted` integer NOT NULL,
	`remaining` integer NOT NULL,
	`is_open` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "lots_remaining" CHECK(remaining between 0 and granted),
	CONSTRAINT "lots_is_open" CHECK(is_open = (remaining > 0)),
	CONSTRAINT "lots_kind" CHECK(kind in ('paid', 'free')),
	CONSTRAINT "lots_life" CHECK(effective_at < expires_at)
) STRICT;
--> statement-breakpoint
CREATE INDEX `lots_open` ON `lots` (`account_id`) WHERE is_open = 1;--> statement-breakpoint
CREATE INDEX `lots_spent` ON `lots` (`account_id`) WHERE is_open = 0;--> statement-breakpoint
CREATE INDEX `lots_due` ON `lots` (`expires_at`) WHERE is_open = 1;--> statement-breakpoint
CREATE TABLE `members` (
	`user_id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`role` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "members_role" CHECK(role in ('owner', 'billing', 'member'))
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `members_of_account` ON `members` (`account_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `postings` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`version` integer NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text,
	`booked_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`scan_id` text,
	`hour` integer,
	`reverses` integer,
	`reason` text,
	`balance_after` integer NOT NULL,
	`debt_after` integer NOT NULL,
	`hash` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "postings_scan_hour" CHECK(kind <> 'debit' or key is 'hour-' || scan_id || '-' || hour),
	CONSTRAINT "postings_hour" CHECK((hour is not null) = (kind in ('debit', 'return'))),
	CONSTRAINT "postings_hour_range" CHECK(hour between 1 and 5),
	CONSTRAINT "postings_figures" CHECK(version >= 1 and balance_after >= 0 and debt_after >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `postings_version` ON `postings` (`account_id`,`version`);--> statement-breakpoint
CREATE UNIQUE INDEX `postings_key` ON `postings` (`key`);--> statement-breakpoint
CREATE TABLE `runner_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`secret_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `runner_keys_secret` ON `runner_keys` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `runner_keys_of_account` ON `runner_keys` (`account_id`);--> statement-breakpoint
CREATE TABLE `scans` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`target_id` text NOT NULL,
	`runner_key_id` text,
	`label` text,
	`mode` text NOT NULL,
	`start_key` text NOT NULL,
	`start_fingerprint` text NOT NULL,
	`state` text NOT NULL,
	`paused_for` text,
	`started_at` integer NOT NULL,
	`active_ms` integer NOT NULL,
	`active_since` integer,
	`hours` text NOT NULL,
	`last_seen_at` integer NOT NULL,
	`waiting_since` integer,
	`ended_at` integer,
	`ended_by` text,
	`end_reason` text,
	`next_due_at` integer,
	`revision` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`target_id`) REFERENCES `targets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "scans_hours" CHECK(json_array_length(hours) between 0 and 5),
	CONSTRAINT "scans_open" CHECK((ended_at is null) = (state in ('running', 'paused'))),
	CONSTRAINT "scans_clock" CHECK((active_since is not null) = (state = 'running')),
	CONSTRAINT "scans_paused" CHECK((paused_for is not null) = (state = 'paused')),
	CONSTRAINT "scans_unlimited" CHECK(mode = 'credits' or hours = '[]'),
	CONSTRAINT "scans_due_or_ended" CHECK((next_due_at is null) = (ended_at is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `scans_start_key` ON `scans` (`account_id`,`start_key`);--> statement-breakpoint
CREATE INDEX `scans_of_account` ON `scans` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `scans_due` ON `scans` (`next_due_at`,`account_id`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `scans_open` ON `scans` (`account_id`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `scans_waiting` ON `scans` (`account_id`,`waiting_since`) WHERE waiting_since is not null;--> statement-breakpoint
CREATE TABLE `service` (
	`id` integer PRIMARY KEY NOT NULL,
	`alive_at` integer NOT NULL,
	`listening_since` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `test_clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`base_at` integer NOT NULL,
	`real_at` integer NOT NULL,
	`rate_millis` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `targets` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`url` text NOT NULL,
	`name` text NOT NULL,
	`mode` text NOT NULL,
	`created_at` integer NOT NULL,
	`archived_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "targets_mode" CHECK(mode in ('credits', 'unlimited'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `targets_url` ON `targets` (`account_id`,`url`);