-- CreateEnum
CREATE TYPE "WebhookDialect" AS ENUM ('standard', 'vector', 'slack');

-- AlterTable
ALTER TABLE "events" ADD COLUMN "project_name" TEXT;

-- AlterTable
ALTER TABLE "webhook_endpoints" ADD COLUMN "dialect" "WebhookDialect" NOT NULL DEFAULT 'standard',
ADD COLUMN "receiver" TEXT,
ADD COLUMN "failing_since" TIMESTAMPTZ(3),
ADD COLUMN "disabled_at" TIMESTAMPTZ(3),
ADD COLUMN "disabled_reason" TEXT,
ADD COLUMN "secret_created_at" TIMESTAMPTZ(3),
ALTER COLUMN "secret_sealed" DROP NOT NULL;

-- What stands: a URL has no login in it, so the host is what follows the slashes.
UPDATE "webhook_endpoints" SET "receiver" = substring("url" from '^[a-z]+://([^/?#]+)'), "secret_created_at" = "created_at";
ALTER TABLE "webhook_endpoints" ALTER COLUMN "receiver" SET NOT NULL;

-- CreateTable
CREATE TABLE "delivery_attempts" (
    "delivery_id" TEXT NOT NULL,
    "fence" INTEGER NOT NULL,
    "organization_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "latency_ms" INTEGER NOT NULL,
    "request_headers" JSONB NOT NULL,
    "response_status" INTEGER,
    "response_headers" JSONB,
    "response_body" TEXT,
    "failure" TEXT,

    CONSTRAINT "delivery_attempts_pkey" PRIMARY KEY ("delivery_id","fence")
);

-- AddForeignKey
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateIndex
CREATE INDEX "events_created_at_idx" ON "events"("created_at");

-- What the workers look for: the first few of each endpoint, however many wait behind them.
DROP INDEX "deliveries_due";
CREATE INDEX "deliveries_due" ON "deliveries"("endpoint_id", "next_attempt_at") WHERE "state" = 'pending';

-- Deliveries change by the hundred: one message for each organization and statement, the pages ask again by kind.
CREATE FUNCTION "rekey_notify_deliveries"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', "organization_id", 'kind', 'webhook', 'id', "organization_id")::text)
  FROM (SELECT DISTINCT "organization_id" FROM "changed") AS "organizations";
  RETURN NULL;
END
$$;

CREATE TRIGGER "webhook_endpoints_notify" AFTER INSERT OR UPDATE ON "webhook_endpoints" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('webhook');
CREATE TRIGGER "deliveries_made_notify" AFTER INSERT ON "deliveries" REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "rekey_notify_deliveries"();
CREATE TRIGGER "deliveries_ended_notify" AFTER UPDATE ON "deliveries" REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "rekey_notify_deliveries"();
