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
-- A posting moves its account, and nothing else does. A writer that read an older version is stopped.
CREATE TRIGGER `postings_move_accounts` AFTER INSERT ON `postings`
BEGIN
  SELECT RAISE(ABORT, 'conflict: the account has moved on')
    WHERE NEW.version <> (SELECT version + 1 FROM accounts WHERE id = NEW.account_id);
  UPDATE accounts SET version = NEW.version, balance = NEW.balance_after, debt = NEW.debt_after,
    chain_hash = NEW.hash WHERE id = NEW.account_id;
END;
--> statement-breakpoint
-- An entry moves a lot of its own account, and nothing else does. Both sides are the customer when a
-- lot repays debt.
CREATE TRIGGER `entries_move_lots` AFTER INSERT ON `entries` WHEN NEW.lot_id IS NOT NULL
BEGIN
  UPDATE lots SET
    remaining = remaining + iif(NEW.from_account = 'customer', -NEW.amount, NEW.amount),
    is_open = remaining + iif(NEW.from_account = 'customer', -NEW.amount, NEW.amount) > 0
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
-- The compare-and-set of a scan: whoever writes must have read the revision before. An ended scan
-- stays as it ended, and a running one keeps the mode it started with.
CREATE TRIGGER `scans_move` BEFORE UPDATE ON `scans`
WHEN NEW.revision <> OLD.revision + 1 OR OLD.ended_at IS NOT NULL OR NEW.mode <> OLD.mode
BEGIN SELECT CASE
  WHEN OLD.ended_at IS NOT NULL THEN RAISE(ABORT, 'conflict: the scan has ended')
  WHEN NEW.mode <> OLD.mode THEN RAISE(ABORT, 'a scan keeps the mode it started with')
  ELSE RAISE(ABORT, 'conflict: the scan has moved on') END; END;
--> statement-breakpoint
-- Only the expiry and the remainder of a lot ever move, and the expiry only later.
CREATE TRIGGER `lots_keep_their_grant` BEFORE UPDATE ON `lots`
WHEN NEW.granted <> OLD.granted OR NEW.kind <> OLD.kind OR NEW.account_id <> OLD.account_id
  OR NEW.effective_at <> OLD.effective_at OR NEW.expires_at < OLD.expires_at
BEGIN SELECT RAISE(ABORT, 'a lot keeps what was granted'); END;
