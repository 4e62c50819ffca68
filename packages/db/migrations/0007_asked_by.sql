ALTER TABLE `postings` ADD `asked_by` text;--> statement-breakpoint
ALTER TABLE `top_ups` ADD `ordered_by` text;--> statement-breakpoint
CREATE TRIGGER `top_ups_ordered_by_hand` BEFORE INSERT ON `top_ups`
WHEN NEW.trigger <> 'manual' AND NEW.ordered_by IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'nobody orders an automatic purchase'); END;
--> statement-breakpoint
CREATE TRIGGER `top_ups_keep_who_ordered` BEFORE UPDATE ON `top_ups`
WHEN NEW.ordered_by IS NOT OLD.ordered_by
BEGIN SELECT RAISE(ABORT, 'a purchase stays what was ordered'); END;
