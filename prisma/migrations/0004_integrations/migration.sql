-- CreateEnum
CREATE TYPE "IntegrationProvider" AS ENUM ('vercel', 'netlify', 'github');

-- CreateEnum
CREATE TYPE "TargetState" AS ENUM ('pending', 'in_sync', 'unverified', 'failed', 'drifted');

-- CreateEnum
CREATE TYPE "RedeployMode" AS ENUM ('manual', 'automatic');

-- CreateEnum
CREATE TYPE "RedeploymentState" AS ENUM ('requested', 'started', 'failed');

-- AlterEnum
ALTER TYPE "JobType" ADD VALUE 'integration.sync_env';

-- CreateTable
CREATE TABLE "integrations" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "provider" "IntegrationProvider" NOT NULL,
    "external_id" TEXT NOT NULL,
    "account_id" TEXT,
    "name" TEXT NOT NULL,
    "token_version" INTEGER NOT NULL DEFAULT 1,
    "token_sealed" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "redeploy" "RedeployMode" NOT NULL DEFAULT 'manual',
    "hook_version" INTEGER NOT NULL DEFAULT 0,
    "hook_sealed" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "revised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "integrations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration_targets" (
    "organization_id" TEXT NOT NULL,
    "integration_id" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "state" "TargetState" NOT NULL DEFAULT 'pending',
    "version" INTEGER,
    "sync_id" TEXT,
    "failure_code" TEXT,
    "refusals" JSONB NOT NULL DEFAULT '[]',
    "synced_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),

    CONSTRAINT "integration_targets_pkey" PRIMARY KEY ("integration_id","target")
);

-- CreateTable
CREATE TABLE "syncs" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "integration_id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "version" INTEGER,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "not_before" TIMESTAMPTZ(3),
    "claimed_by" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "syncs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "redeployments" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "integration_id" TEXT NOT NULL,
    "state" "RedeploymentState" NOT NULL DEFAULT 'requested',
    "version" INTEGER NOT NULL,
    "requested_by" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_by" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "external_id" TEXT,
    "failure_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "redeployments_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "integrations_project_id_provider_key" ON "integrations"("project_id", "provider");

-- CreateIndex
CREATE UNIQUE INDEX "syncs_job_id_key" ON "syncs"("job_id");

-- CreateIndex
CREATE INDEX "syncs_integration_id_created_at_idx" ON "syncs"("integration_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "redeployments_integration_id_created_at_idx" ON "redeployments"("integration_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "integrations" ADD CONSTRAINT "integrations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integrations" ADD CONSTRAINT "integrations_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integration_targets" ADD CONSTRAINT "integration_targets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integration_targets" ADD CONSTRAINT "integration_targets_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "redeployments" ADD CONSTRAINT "redeployments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "redeployments" ADD CONSTRAINT "redeployments_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integrations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One sync and one redeployment of an integration at a time.
CREATE UNIQUE INDEX "syncs_live" ON "syncs"("integration_id") WHERE "finished_at" IS NULL;
CREATE UNIQUE INDEX "redeployments_live" ON "redeployments"("integration_id") WHERE "finished_at" IS NULL;

-- What the workers look for every second, however many have ended.
CREATE INDEX "syncs_due" ON "syncs"("next_attempt_at") WHERE "finished_at" IS NULL;
CREATE INDEX "redeployments_due" ON "redeployments"("next_attempt_at") WHERE "finished_at" IS NULL;

-- Open pages follow an integration, whichever of its tables changed.
CREATE FUNCTION "rekey_notify_integration"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', NEW."organization_id", 'kind', 'integration', 'id', NEW."integration_id")::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER "integrations_notify" AFTER INSERT OR UPDATE ON "integrations" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('integration');
CREATE TRIGGER "integration_targets_notify" AFTER INSERT OR UPDATE ON "integration_targets" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_integration"();
CREATE TRIGGER "syncs_notify" AFTER INSERT OR UPDATE ON "syncs" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_integration"();
CREATE TRIGGER "redeployments_notify" AFTER INSERT OR UPDATE ON "redeployments" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_integration"();
