-- One clock decides: the store's. Times that processes used to give by their own clocks are now the store's.
ALTER TABLE "organizations" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "users" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "members" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "invitations" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "sessions" ALTER COLUMN "authenticated_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "second_factors" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "setup_links" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "encryption_keys" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "key_rotations" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "api_keys" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "departures" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "departure_credentials" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp();
ALTER TABLE "servers" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "databases" ALTER COLUMN "next_check_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "projects" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "credentials" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "jobs" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "updated_at" SET DEFAULT statement_timestamp();
ALTER TABLE "rotations" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "rotation_steps" ALTER COLUMN "at" SET DEFAULT statement_timestamp();
ALTER TABLE "consumers" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "consumer_tasks" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "audit_heads" ALTER COLUMN "at" SET DEFAULT statement_timestamp();
ALTER TABLE "audit_keys" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "events" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "webhook_endpoints" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "deliveries" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "updated_at" SET DEFAULT statement_timestamp();
ALTER TABLE "sites" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "environments" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "deployments" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "updated_at" SET DEFAULT statement_timestamp();
ALTER TABLE "deployment_tokens" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "environment_secrets" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "integrations" ALTER COLUMN "revised_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "next_check_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "syncs" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "redeployments" ALTER COLUMN "next_attempt_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();
ALTER TABLE "idempotency_keys" ALTER COLUMN "started_at" SET DEFAULT statement_timestamp();
ALTER TABLE "workers" ALTER COLUMN "started_at" SET DEFAULT statement_timestamp(), ALTER COLUMN "beat_at" SET DEFAULT statement_timestamp();

-- Prisma fills `updated_at` by the clock of its process. Raw statements give the store's, or leave it as it is.
CREATE FUNCTION "rekey_stamp_updated"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."updated_at" := statement_timestamp();
  RETURN NEW;
END
$$;

CREATE TRIGGER "organizations_stamp_inserted" BEFORE INSERT ON "organizations" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "organizations_stamp_updated" BEFORE UPDATE ON "organizations" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "users_stamp_inserted" BEFORE INSERT ON "users" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "users_stamp_updated" BEFORE UPDATE ON "users" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "servers_stamp_inserted" BEFORE INSERT ON "servers" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "servers_stamp_updated" BEFORE UPDATE ON "servers" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "databases_stamp_inserted" BEFORE INSERT ON "databases" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "databases_stamp_updated" BEFORE UPDATE ON "databases" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "projects_stamp_inserted" BEFORE INSERT ON "projects" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "projects_stamp_updated" BEFORE UPDATE ON "projects" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "credentials_stamp_inserted" BEFORE INSERT ON "credentials" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "credentials_stamp_updated" BEFORE UPDATE ON "credentials" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "jobs_stamp_inserted" BEFORE INSERT ON "jobs" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "jobs_stamp_updated" BEFORE UPDATE ON "jobs" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "consumers_stamp_inserted" BEFORE INSERT ON "consumers" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "consumers_stamp_updated" BEFORE UPDATE ON "consumers" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "webhook_endpoints_stamp_inserted" BEFORE INSERT ON "webhook_endpoints" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "webhook_endpoints_stamp_updated" BEFORE UPDATE ON "webhook_endpoints" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "deliveries_stamp_inserted" BEFORE INSERT ON "deliveries" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "deliveries_stamp_updated" BEFORE UPDATE ON "deliveries" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "sites_stamp_inserted" BEFORE INSERT ON "sites" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "sites_stamp_updated" BEFORE UPDATE ON "sites" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "environments_stamp_inserted" BEFORE INSERT ON "environments" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "environments_stamp_updated" BEFORE UPDATE ON "environments" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "deployments_stamp_inserted" BEFORE INSERT ON "deployments" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "deployments_stamp_updated" BEFORE UPDATE ON "deployments" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "environment_secrets_stamp_inserted" BEFORE INSERT ON "environment_secrets" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "environment_secrets_stamp_updated" BEFORE UPDATE ON "environment_secrets" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "integrations_stamp_inserted" BEFORE INSERT ON "integrations" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "integrations_stamp_updated" BEFORE UPDATE ON "integrations" FOR EACH ROW WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at")
  EXECUTE FUNCTION "rekey_stamp_updated"();

-- How far each process's clock is from the store's.
CREATE TABLE "process_clocks" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "skew_ms" DOUBLE PRECISION NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "process_clocks_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "workers" ADD COLUMN "sweep_ms" DOUBLE PRECISION;

-- The health check adds a row and takes it back. Its row fills a page, so that the store has to find room on its disk.
CREATE TABLE "write_probes" (
    "id" SERIAL NOT NULL,
    "filler" TEXT NOT NULL,

    CONSTRAINT "write_probes_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "write_probes" ALTER COLUMN "filler" SET STORAGE PLAIN;
