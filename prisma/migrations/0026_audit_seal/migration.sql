-- A chain states under its secret where it begins, where it ends and how far it was verified. Rows that lack these
-- statements are named by verification, so they cannot be emptied either.

-- Version 2 of a chain's secret holds, sealed with it, the number of the first chained record.
ALTER TABLE "audit_keys"
    ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "witness_seq" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "witness_hmac" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "witness_checkpoints" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "witness_seal" TEXT NOT NULL DEFAULT '';

ALTER TABLE "audit_heads"
    ADD COLUMN "sealed_seq" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "seal" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "unchained_through" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "audit_checks"
    ADD COLUMN "elsewhere" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "told_at" TIMESTAMPTZ(3);

-- Records from before there was a chain stand at the beginning, without an HMAC. None can be added from now on.
UPDATE "audit_heads" h SET "unchained_through" = CASE
    WHEN n."first" > 1 THEN 0
    WHEN n."first_chained" IS NULL THEN n."last"
    ELSE n."first_chained" - 1 END
FROM (
    SELECT "organization_id", min("seq") AS "first", max("seq") AS "last", min("seq") FILTER (WHERE "hmac" <> '') AS "first_chained"
    FROM "audit_events" GROUP BY "organization_id") n
WHERE n."organization_id" = h."organization_id";

-- Moves the head once a record stands, never before: a record that ON CONFLICT or another trigger has skipped moves
-- nothing. The application passes the seal of the new end beside its statement; without one (an earlier version of
-- Rekey) the last sealed end stays.
CREATE OR REPLACE FUNCTION "rekey_append_audit_event"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "sealed" text := coalesce(current_setting('rekey.audit_seal', true), '');
  "is_sealed" boolean;
BEGIN
  IF TG_RELID <> 'public.audit_events'::regclass OR TG_WHEN <> 'AFTER' OR TG_OP <> 'INSERT' OR TG_LEVEL <> 'ROW' THEN
    RAISE EXCEPTION 'rekey_append_audit_event belongs to the table audit_events alone';
  END IF;
  "is_sealed" := "sealed" LIKE NEW."hmac" || ' %';
  UPDATE public."audit_heads" SET "seq" = NEW."seq", "hmac" = NEW."hmac", "at" = NEW."created_at",
    "sealed_seq" = CASE WHEN "is_sealed" THEN NEW."seq" ELSE "sealed_seq" END,
    "seal" = CASE WHEN "is_sealed" THEN split_part("sealed", ' ', 2) ELSE "seal" END
  WHERE "organization_id" = NEW."organization_id" AND "seq" = NEW."seq" - 1 AND "hmac" = NEW."previous_hmac"
    AND "at" <= NEW."created_at" AND NEW."hmac" <> '';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit_events: this is not the next record of its chain';
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER "audit_events_append" ON "audit_events";
CREATE TRIGGER "audit_events_append" AFTER INSERT ON "audit_events" FOR EACH ROW EXECUTE FUNCTION "rekey_append_audit_event"();

-- Else whoever may make a table, also a temporary one, could hang this function on it.
REVOKE ALL ON FUNCTION "rekey_append_audit_event"(), "rekey_refuse_change"() FROM PUBLIC;
