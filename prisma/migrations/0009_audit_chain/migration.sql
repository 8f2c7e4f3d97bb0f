-- CreateEnum
CREATE TYPE "AuditMethod" AS ENUM ('session', 'api_key', 'system');

-- CreateEnum
CREATE TYPE "AuditOutcome" AS ENUM ('done', 'refused', 'failed', 'unknown');

-- DropForeignKey: what was done stays on record when the organization is forgotten.
ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_organization_id_fkey";

-- DropIndex
DROP INDEX "audit_events_organization_id_created_at_id_idx";

-- DropIndex
DROP INDEX "audit_events_project_id_created_at_id_idx";

-- AlterTable
ALTER TABLE "audit_events"
    ADD COLUMN "seq" INTEGER,
    ADD COLUMN "method" "AuditMethod",
    ADD COLUMN "key_id" TEXT,
    ADD COLUMN "actor_role" TEXT,
    ADD COLUMN "signed_in_at" TIMESTAMPTZ(3),
    ADD COLUMN "project_name" TEXT,
    ADD COLUMN "target_type" TEXT,
    ADD COLUMN "target_id" TEXT,
    ADD COLUMN "target_name" TEXT,
    ADD COLUMN "outcome" "AuditOutcome",
    ADD COLUMN "reason" TEXT,
    ADD COLUMN "previous_hmac" TEXT,
    ADD COLUMN "hmac" TEXT;

-- Records from before the chain are numbered; they have no HMAC, and verification says how many they are.
UPDATE "audit_events" e SET
    "seq" = n."seq",
    "method" = (CASE e."actor_kind" WHEN 'user' THEN 'session' WHEN 'api_key' THEN 'api_key' ELSE 'system' END)::"AuditMethod",
    "key_id" = CASE e."actor_kind" WHEN 'api_key' THEN e."actor_id" END,
    "project_name" = (SELECT "name" FROM "projects" p WHERE p."id" = e."project_id"),
    "outcome" = (CASE
        WHEN e."action" LIKE '%refused' THEN 'refused'
        WHEN e."action" LIKE '%failed' THEN 'failed'
        WHEN e."action" LIKE '%needs_attention' THEN 'unknown'
        ELSE 'done' END)::"AuditOutcome",
    "previous_hmac" = '',
    "hmac" = ''
FROM (SELECT "id", row_number() OVER (PARTITION BY "organization_id" ORDER BY "created_at", "id") AS "seq" FROM "audit_events") n
WHERE n."id" = e."id";

ALTER TABLE "audit_events"
    ALTER COLUMN "seq" SET NOT NULL,
    ALTER COLUMN "method" SET NOT NULL,
    ALTER COLUMN "outcome" SET NOT NULL,
    ALTER COLUMN "previous_hmac" SET NOT NULL,
    ALTER COLUMN "hmac" SET NOT NULL,
    ALTER COLUMN "created_at" DROP DEFAULT,
    ALTER COLUMN "metadata" DROP DEFAULT;

-- CreateTable
CREATE TABLE "audit_heads" (
    "organization_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "hmac" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "audit_keys" (
    "organization_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_keys_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "audit_checkpoints" (
    "organization_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "hmac" TEXT NOT NULL,
    "is_seal" BOOLEAN NOT NULL,
    "signature" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("organization_id","number")
);

-- CreateTable
CREATE TABLE "audit_checks" (
    "organization_id" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "walked_at" TIMESTAMPTZ(3) NOT NULL,
    "through_seq" INTEGER NOT NULL,
    "through_at" TIMESTAMPTZ(3),
    "records" INTEGER NOT NULL,
    "unchained" INTEGER NOT NULL,
    "findings" JSONB NOT NULL,

    CONSTRAINT "audit_checks_pkey" PRIMARY KEY ("organization_id")
);

INSERT INTO "audit_heads" ("organization_id", "seq", "at")
SELECT "organization_id", max("seq"), max("created_at") FROM "audit_events" GROUP BY "organization_id";

-- CreateIndex
CREATE UNIQUE INDEX "audit_events_organization_id_seq_key" ON "audit_events"("organization_id", "seq");

-- CreateIndex
CREATE INDEX "audit_events_organization_id_created_at_seq_idx" ON "audit_events"("organization_id", "created_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_events_organization_id_project_id_created_at_seq_idx" ON "audit_events"("organization_id", "project_id", "created_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_events_organization_id_action_created_at_seq_idx" ON "audit_events"("organization_id", "action", "created_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_events_organization_id_actor_id_created_at_seq_idx" ON "audit_events"("organization_id", "actor_id", "created_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_events_organization_id_actor_name_created_at_seq_idx" ON "audit_events"("organization_id", "actor_name", "created_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_events_organization_id_outcome_created_at_seq_idx" ON "audit_events"("organization_id", "outcome", "created_at" DESC, "seq" DESC);

-- What a search looks through.
CREATE FUNCTION "rekey_audit_text"("action" text, "actor_name" text, "project_name" text, "target_name" text, "address" text, "reason" text, "request_id" text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(action || ' ' || actor_name || ' ' || coalesce(project_name, '') || ' ' || coalesce(target_name, '') || ' ' ||
    coalesce(address, '') || ' ' || coalesce(reason, '') || ' ' || coalesce(request_id, ''))
$$;

-- Where the server has no pg_trgm, or does not let us have it, a search reads the log from its end instead.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXECUTE 'CREATE INDEX "audit_events_search" ON "audit_events" USING gin (
    "rekey_audit_text"("action", "actor_name", "project_name", "target_name", "address", "reason", "request_id") gin_trgm_ops)';
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'no pg_trgm: %', SQLERRM;
END
$$;

-- The next number and the HMAC to chain to. Locks the head of the chain until the transaction ends: a lock on the last
-- record would not do, for whoever waited for it would go on from a record that is the last no more.
CREATE FUNCTION "rekey_lock_audit_head"("organization" text)
RETURNS TABLE ("seq" integer, "hmac" text, "at" timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  FOR attempt IN 1..2 LOOP
    RETURN QUERY SELECT h."seq", h."hmac", greatest(h."at", date_trunc('milliseconds', clock_timestamp()))
      FROM public."audit_heads" h WHERE h."organization_id" = "organization" FOR UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO public."audit_heads" ("organization_id") VALUES ("organization") ON CONFLICT DO NOTHING;
  END LOOP;
END
$$;

-- Only the next record of a chain can be added, and the head moves with it.
CREATE FUNCTION "rekey_append_audit_event"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public."audit_heads" SET "seq" = NEW."seq", "hmac" = NEW."hmac", "at" = NEW."created_at"
  WHERE "organization_id" = NEW."organization_id" AND "seq" = NEW."seq" - 1 AND "hmac" = NEW."previous_hmac"
    AND "at" <= NEW."created_at" AND NEW."hmac" <> '';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit_events: this is not the next record of its chain';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "audit_events_append" BEFORE INSERT ON "audit_events" FOR EACH ROW EXECUTE FUNCTION "rekey_append_audit_event"();

CREATE FUNCTION "rekey_refuse_change"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('rekey.removes_segment', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '%: append-only, % refused', TG_TABLE_NAME, TG_OP;
END
$$;

CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_events"
  FOR EACH STATEMENT EXECUTE FUNCTION "rekey_refuse_change"();
CREATE TRIGGER "audit_checkpoints_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_checkpoints"
  FOR EACH STATEMENT EXECUTE FUNCTION "rekey_refuse_change"();

-- Removes the records up to a seal. For the owner alone; whether the seal is genuine is checked before, by who calls.
CREATE FUNCTION "rekey_remove_audit_segment"("organization" text, "through" integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "removed" integer;
BEGIN
  IF NOT EXISTS (SELECT FROM public."audit_checkpoints" c WHERE c."organization_id" = "organization" AND c."is_seal" AND c."seq" = "through") THEN
    RAISE EXCEPTION 'audit_events: no seal stands at record %', "through";
  END IF;
  PERFORM set_config('rekey.removes_segment', 'on', true);
  DELETE FROM public."audit_events" e WHERE e."organization_id" = "organization" AND e."seq" <= "through";
  GET DIAGNOSTICS "removed" = ROW_COUNT;
  PERFORM set_config('rekey.removes_segment', 'off', true);
  RETURN "removed";
END
$$;

-- Gives the role that web and workers connect as what they need, and of the audit log no more than to read and to add.
-- Called by the owner after each migration; the owner must be a member of the role. The queue keeps its schema up to
-- date itself, so that becomes the role's own.
CREATE FUNCTION "rekey_grant_application"("application" name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "thing" record;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', "application");
  FOR "thing" IN
    SELECT c."oid"::regclass AS "name", c."relname", c."relkind" FROM pg_class c JOIN pg_roles r ON r."oid" = c."relowner"
    WHERE c."relnamespace" = 'public'::regnamespace AND c."relkind" IN ('r', 'S') AND r."rolname" = current_user
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', "thing"."name", "application");
    EXECUTE format('GRANT %s ON %s TO %I', CASE
      WHEN "thing"."relkind" = 'S' THEN 'USAGE, SELECT'
      WHEN "thing"."relname" IN ('audit_events', 'audit_checkpoints') THEN 'SELECT, INSERT'
      WHEN "thing"."relname" IN ('audit_heads', '_prisma_migrations') THEN 'SELECT'
      WHEN "thing"."relname" = 'audit_keys' THEN 'SELECT, INSERT, UPDATE'
      ELSE 'SELECT, INSERT, UPDATE, DELETE' END, "thing"."name", "application");
  END LOOP;
  EXECUTE format('GRANT EXECUTE ON FUNCTION public."rekey_lock_audit_head"(text) TO %I', "application");

  IF to_regnamespace('pgboss') IS NULL THEN
    EXECUTE format('CREATE SCHEMA pgboss AUTHORIZATION %I', "application");
  ELSE
    EXECUTE format('ALTER SCHEMA pgboss OWNER TO %I', "application");
    FOR "thing" IN
      SELECT format('ALTER TABLE %s OWNER TO %I', c."oid"::regclass, "application") AS "command" FROM pg_class c JOIN pg_roles r ON r."oid" = c."relowner"
      WHERE c."relnamespace" = to_regnamespace('pgboss') AND c."relkind" IN ('r', 'p', 'v', 'S') AND r."rolname" <> "application"
      UNION ALL
      SELECT format('ALTER ROUTINE %s OWNER TO %I', p."oid"::regprocedure, "application") FROM pg_proc p JOIN pg_roles r ON r."oid" = p."proowner"
      WHERE p."pronamespace" = to_regnamespace('pgboss') AND r."rolname" <> "application"
      UNION ALL
      SELECT format('ALTER TYPE %s OWNER TO %I', t."oid"::regtype, "application") FROM pg_type t JOIN pg_roles r ON r."oid" = t."typowner"
      WHERE t."typnamespace" = to_regnamespace('pgboss') AND t."typtype" = 'e' AND r."rolname" <> "application"
    LOOP
      EXECUTE "thing"."command";
    END LOOP;
  END IF;
END
$$;

-- Everybody may call a new function unless told otherwise.
REVOKE ALL ON FUNCTION "rekey_lock_audit_head"(text), "rekey_remove_audit_segment"(text, integer), "rekey_grant_application"(name) FROM PUBLIC;
