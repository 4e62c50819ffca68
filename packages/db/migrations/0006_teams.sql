CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`invited_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	`accepted_by` text,
	`withdrawn_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "invitations_role" CHECK(role in ('owner', 'billing', 'member')),
	CONSTRAINT "invitations_email" CHECK(email = lower(email)),
	CONSTRAINT "invitations_life" CHECK(created_at < expires_at),
	CONSTRAINT "invitations_accepted" CHECK((accepted_at is null) = (accepted_by is null)),
	CONSTRAINT "invitations_outcome" CHECK(accepted_at is null or withdrawn_at is null)
) STRICT;
--> statement-breakpoint
CREATE INDEX `invitations_of_account` ON `invitations` (`account_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_open` ON `invitations` (`account_id`,`email`) WHERE accepted_at is null and withdrawn_at is null;--> statement-breakpoint
CREATE TABLE `invitation_links` (
	`secret_hash` text PRIMARY KEY NOT NULL,
	`invitation_id` text NOT NULL,
	FOREIGN KEY (`invitation_id`) REFERENCES `invitations`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `invitation_links_of` ON `invitation_links` (`invitation_id`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `opened_by` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `team_revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Until now a person belonged to one account, which is the one their first sign-in opened.
UPDATE `accounts` SET opened_by = (SELECT min(user_id) FROM members WHERE account_id = accounts.id AND role = 'owner');
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_opened_by` ON `accounts` (`opened_by`) WHERE opened_by is not null;--> statement-breakpoint
ALTER TABLE `auth_session` ADD `active_account_id` text;--> statement-breakpoint
ALTER TABLE `auth_user` ADD `last_account_id` text;--> statement-breakpoint
-- A primary key cannot be altered, so members are written anew. Nothing refers to them yet.
CREATE TABLE `__new_members` (
	`account_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`account_id`, `user_id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "members_role" CHECK(role in ('owner', 'billing', 'member'))
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_members`("account_id", "user_id", "role") SELECT "account_id", "user_id", "role" FROM `members`;--> statement-breakpoint
DROP TABLE `members`;--> statement-breakpoint
ALTER TABLE `__new_members` RENAME TO `members`;--> statement-breakpoint
CREATE INDEX `members_of_user` ON `members` (`user_id`);--> statement-breakpoint
-- The compare-and-set of everything that is decided about a team.
CREATE TRIGGER `accounts_team_moves` BEFORE UPDATE OF team_revision ON `accounts`
WHEN NEW.team_revision <> OLD.team_revision + 1
BEGIN SELECT RAISE(ABORT, 'conflict: the team has moved on'); END;
--> statement-breakpoint
CREATE TRIGGER `members_keep_an_owner` BEFORE DELETE ON `members`
WHEN OLD.role = 'owner' AND NOT EXISTS (SELECT 1 FROM members
  WHERE account_id = OLD.account_id AND role = 'owner' AND user_id <> OLD.user_id)
BEGIN SELECT RAISE(ABORT, 'an account keeps an owner'); END;
--> statement-breakpoint
CREATE TRIGGER `members_stay_who_they_are` BEFORE UPDATE ON `members`
BEGIN
  SELECT RAISE(ABORT, 'a membership is of one person in one account')
    WHERE NEW.account_id <> OLD.account_id OR NEW.user_id <> OLD.user_id;
  SELECT RAISE(ABORT, 'an account keeps an owner')
    WHERE OLD.role = 'owner' AND NEW.role <> 'owner' AND NOT EXISTS (SELECT 1 FROM members
      WHERE account_id = OLD.account_id AND role = 'owner' AND user_id <> OLD.user_id);
END;
--> statement-breakpoint
-- Sessions that acted for the account stop choosing it, and whoever opened it may open one again.
CREATE TRIGGER `members_leave` AFTER DELETE ON `members`
BEGIN
  UPDATE accounts SET opened_by = NULL WHERE id = OLD.account_id AND opened_by = OLD.user_id;
  UPDATE auth_session SET active_account_id = NULL
    WHERE user_id = OLD.user_id AND active_account_id = OLD.account_id;
END;
--> statement-breakpoint
-- Whoever signs in again goes on where they were.
CREATE TRIGGER `sessions_begin` AFTER INSERT ON `auth_session`
BEGIN
  UPDATE auth_session SET active_account_id = (SELECT m.account_id FROM auth_user u
    JOIN members m ON m.user_id = u.id AND m.account_id = u.last_account_id WHERE u.id = NEW.user_id)
  WHERE id = NEW.id AND active_account_id IS NULL;
END;
--> statement-breakpoint
-- Accepted or withdrawn is for ever, and what was offered to whom does not change.
CREATE TRIGGER `invitations_are_final` BEFORE UPDATE ON `invitations`
WHEN OLD.accepted_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR NEW.id <> OLD.id
  OR NEW.account_id <> OLD.account_id OR NEW.email <> OLD.email OR NEW.role <> OLD.role
  OR NEW.invited_by <> OLD.invited_by OR NEW.created_at <> OLD.created_at OR NEW.expires_at <> OLD.expires_at
BEGIN SELECT RAISE(ABORT, 'an invitation keeps its words and its outcome'); END;
