-- When a session was last used, within a minute.
ALTER TABLE "sessions" ADD COLUMN "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp();
UPDATE "sessions" SET "last_seen_at" = least(greatest("created_at", "expires_at" - interval '12 hours'), now());

-- A session that begins or is revoked is told by its user: that page, and the lists on the others, ask again.
CREATE FUNCTION "rekey_notify_session"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', NEW."organization_id", 'kind', 'session', 'id', NEW."user_id")::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER "sessions_notify" AFTER INSERT OR UPDATE OF "revoked_at" ON "sessions" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_session"();
