-- What has been booked is never changed. A correction is another posting.
CREATE TRIGGER `postings_never_change` BEFORE UPDATE ON `postings`
BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `postings_never_go` BEFORE DELETE ON `postings`
BEGIN SELECT RAISE(ABORT, 'a posting is never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER `entries_never_change` BEFORE UPDATE ON `entries`
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `entries_never_go` BEFORE DELETE ON `entries`
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER `extensions_never_change` BEFORE UPDATE ON `extensions`
BEGIN SELECT RAISE(ABORT, 'an extension is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `extensions_never_go` BEFORE DELETE ON `extensions`
BEGIN SELECT RAISE(ABORT, 'an extension is never deleted'); END;
--> statement-breakpoint
-- A version never falls, whatever a writer believes to have read.
CREATE TRIGGER `accounts_version_rises` BEFORE UPDATE OF `version` ON `accounts`
WHEN NEW.version <= OLD.version
BEGIN SELECT RAISE(ABORT, 'conflict: the account has moved on'); END;
--> statement-breakpoint
-- The compare-and-set of a scan: whoever writes must have read the revision before.
CREATE TRIGGER `scans_revision_rises` BEFORE UPDATE ON `scans`
WHEN NEW.revision <> OLD.revision + 1
BEGIN SELECT RAISE(ABORT, 'conflict: the scan has moved on'); END;
--> statement-breakpoint
CREATE TRIGGER `scans_end_once` BEFORE UPDATE ON `scans`
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an ended scan is never changed'); END;
--> statement-breakpoint
-- The mode was copied when the scan started; switching a target never changes a running scan.
CREATE TRIGGER `scans_keep_their_mode` BEFORE UPDATE OF `mode` ON `scans`
WHEN NEW.mode <> OLD.mode
BEGIN SELECT RAISE(ABORT, 'a scan keeps the mode it started with'); END;
--> statement-breakpoint
-- Only the expiry and the remainder of a lot ever move, and the expiry only later.
CREATE TRIGGER `lots_keep_their_grant` BEFORE UPDATE ON `lots`
WHEN NEW.granted <> OLD.granted OR NEW.kind <> OLD.kind OR NEW.account_id <> OLD.account_id
  OR NEW.effective_at <> OLD.effective_at OR NEW.expires_at < OLD.expires_at
BEGIN SELECT RAISE(ABORT, 'a lot keeps what was granted'); END;
