-- One change across many logins: a campaign is a list of ordinary rotations.
CREATE TYPE "CampaignState" AS ENUM ('running', 'paused', 'stopped', 'completed', 'aborted');
CREATE TYPE "CampaignOutcome" AS ENUM ('rotated', 'failed', 'skipped');

CREATE TABLE "campaigns" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "state" "CampaignState" NOT NULL DEFAULT 'running',
  "reason" "RotationReason",
  "note" TEXT,
  "close_sessions" BOOLEAN NOT NULL DEFAULT false,
  "selection" JSONB NOT NULL,
  "canary" INTEGER NOT NULL,
  "waves" INTEGER[] NOT NULL,
  "at_once" INTEGER NOT NULL,
  "at_once_per_server" INTEGER NOT NULL,
  "stop_failures" INTEGER,
  "stop_share" INTEGER,
  "wave" INTEGER NOT NULL DEFAULT 0,
  "accepted_failures" INTEGER NOT NULL DEFAULT 0,
  "stopped_because" TEXT,
  "started_by" TEXT NOT NULL,
  "changed_by" TEXT,
  "next_attempt_at" TIMESTAMPTZ(3) DEFAULT statement_timestamp(),
  "finished_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "campaigns_organization_id_created_at_idx" ON "campaigns"("organization_id", "created_at" DESC);
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE TRIGGER "campaigns_stamp_inserted" BEFORE INSERT ON "campaigns" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "campaigns_stamp_updated" BEFORE UPDATE ON "campaigns" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();

-- Names are kept with the row: a login that is forgotten later is still listed.
CREATE TABLE "campaign_logins" (
  "organization_id" TEXT NOT NULL,
  "campaign_id" TEXT NOT NULL,
  "database_id" TEXT NOT NULL,
  "project_id" TEXT NOT NULL,
  "project_name" TEXT NOT NULL,
  "role_name" TEXT NOT NULL,
  "server_id" TEXT NOT NULL,
  "wave" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  "job_id" TEXT,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "in_doubt" BOOLEAN NOT NULL DEFAULT false,
  "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  "outcome" "CampaignOutcome",
  "error_code" TEXT,
  "started_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "campaign_logins_pkey" PRIMARY KEY ("campaign_id", "database_id"),
  CONSTRAINT "campaign_logins_ended" CHECK (("outcome" IS NULL) = ("ended_at" IS NULL))
);
CREATE UNIQUE INDEX "campaign_logins_campaign_id_position_key" ON "campaign_logins"("campaign_id", "position");
ALTER TABLE "campaign_logins" ADD CONSTRAINT "campaign_logins_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "campaign_logins" ADD CONSTRAINT "campaign_logins_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the sweep asks for: campaigns that go on by themselves, and rotations of campaigns that have not been settled.
CREATE INDEX "campaigns_next_attempt_at" ON "campaigns"("next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "campaign_logins_unsettled" ON "campaign_logins"("job_id") WHERE "job_id" IS NOT NULL AND "ended_at" IS NULL;
CREATE INDEX "campaign_logins_job_id_idx" ON "campaign_logins"("job_id");

-- Open pages follow the progress. The thing is the campaign.
CREATE FUNCTION "rekey_notify_campaign"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', NEW."organization_id", 'kind', 'campaign', 'id', NEW."campaign_id")::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER "campaigns_notify" AFTER INSERT OR UPDATE ON "campaigns" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('campaign');
CREATE TRIGGER "campaign_logins_notify" AFTER UPDATE ON "campaign_logins" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_campaign"();
