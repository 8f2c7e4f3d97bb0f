-- When each integration is looked at next: those that stand already are spread over the time between two looks.
ALTER TABLE "integrations" ADD COLUMN "next_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "check_failure_code" TEXT;
UPDATE "integrations" SET "next_check_at" = now() + random() * interval '6 hours';

-- Who keeps what somebody changed there.
ALTER TABLE "integration_targets" ADD COLUMN "kept_at" TIMESTAMPTZ(3),
ADD COLUMN "kept_by" TEXT;

-- Open pages follow what is gone, too.
CREATE TRIGGER "integrations_notify_removed" AFTER DELETE ON "integrations" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('integration');
CREATE TRIGGER "webhook_endpoints_notify_removed" AFTER DELETE ON "webhook_endpoints" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('webhook');
