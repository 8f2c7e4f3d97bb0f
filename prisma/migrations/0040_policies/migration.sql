-- Policies rotate logins by age or by cron, in maintenance windows.
CREATE TYPE "PolicySource" AS ENUM ('project', 'tag', 'default');

CREATE TABLE "policies" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "max_age_days" INTEGER,
  "cron" TEXT,
  "windows" JSONB NOT NULL DEFAULT '[]',
  "time_zone" TEXT NOT NULL,
  "blackouts" JSONB NOT NULL DEFAULT '[]',
  "spread" BOOLEAN NOT NULL DEFAULT true,
  "close_sessions" BOOLEAN NOT NULL DEFAULT false,
  "grace_hours" INTEGER,
  "run_when_back" BOOLEAN NOT NULL DEFAULT false,
  "tag_rule" JSONB,
  "is_default" BOOLEAN NOT NULL DEFAULT false,
  "paused_at" TIMESTAMPTZ(3),
  "paused_by" TEXT,
  "missed_at" TIMESTAMPTZ(3),
  "missed_logins" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "policies_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "policies_rule" CHECK (("max_age_days" IS NULL) <> ("cron" IS NULL))
);
CREATE UNIQUE INDEX "policies_organization_id_name_key" ON "policies"("organization_id", "name");
CREATE UNIQUE INDEX "policies_default" ON "policies"("organization_id") WHERE "is_default";
ALTER TABLE "policies" ADD CONSTRAINT "policies_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE TRIGGER "policies_stamp_inserted" BEFORE INSERT ON "policies" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "policies_stamp_updated" BEFORE UPDATE ON "policies" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();

CREATE TABLE "project_tags" (
  "organization_id" TEXT NOT NULL,
  "project_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  CONSTRAINT "project_tags_pkey" PRIMARY KEY ("project_id", "key")
);
CREATE INDEX "project_tags_organization_id_key_value_idx" ON "project_tags"("organization_id", "key", "value");
ALTER TABLE "project_tags" ADD CONSTRAINT "project_tags_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "project_tags" ADD CONSTRAINT "project_tags_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "databases"
  ADD COLUMN "chosen_policy_id" TEXT,
  ADD COLUMN "policy_id" TEXT,
  ADD COLUMN "policy_source" "PolicySource",
  -- No login of before has a policy, so there is nothing to plan for it.
  ADD COLUMN "plan_at" TIMESTAMPTZ(3),
  ADD COLUMN "plan_after" TIMESTAMPTZ(3),
  ADD COLUMN "next_run_at" TIMESTAMPTZ(3),
  ADD COLUMN "run_opens_at" TIMESTAMPTZ(3),
  ADD COLUMN "run_closes_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "policy_job_id" TEXT,
  ADD COLUMN "policy_failures" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "missed_at" TIMESTAMPTZ(3);
ALTER TABLE "databases" ALTER COLUMN "plan_at" SET DEFAULT statement_timestamp();
ALTER TABLE "databases" ADD CONSTRAINT "databases_chosen_policy_id_fkey" FOREIGN KEY ("chosen_policy_id") REFERENCES "policies"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "databases" ADD CONSTRAINT "databases_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policies"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "databases_policy_id_idx" ON "databases"("policy_id");
CREATE INDEX "databases_chosen_policy_id_idx" ON "databases"("chosen_policy_id");
-- What the sweep asks for.
CREATE INDEX "databases_plan_at" ON "databases"("plan_at") WHERE "plan_at" IS NOT NULL;
CREATE INDEX "databases_next_run_at" ON "databases"("next_run_at") WHERE "next_run_at" IS NOT NULL;
CREATE INDEX "databases_policy_job_id" ON "databases"("policy_job_id") WHERE "policy_job_id" IS NOT NULL;

-- A new password, whoever asked for it, moves the next run, and what was missed is made good.
CREATE FUNCTION "rekey_replan"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."plan_at" := statement_timestamp();
  NEW."next_run_at" := NULL;
  NEW."missed_at" := NULL;
  NEW."policy_failures" := 0;
  RETURN NEW;
END
$$;
CREATE TRIGGER "databases_replan" BEFORE UPDATE OF "rotated_at" ON "databases" FOR EACH ROW
  WHEN (NEW."rotated_at" IS DISTINCT FROM OLD."rotated_at" AND OLD."policy_id" IS NOT NULL) EXECUTE FUNCTION "rekey_replan"();

ALTER TABLE "rotations" ADD COLUMN "policy_id" TEXT;
CREATE INDEX "rotations_policy_id_created_at_idx" ON "rotations"("policy_id", "created_at" DESC);
