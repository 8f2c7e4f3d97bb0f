-- Tells the web processes what changed, so that open pages follow. One message for each thing and transaction:
-- PostgreSQL drops repeated ones.
CREATE FUNCTION "rekey_notify_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "thing" text := NEW."id";
BEGIN
  IF TG_TABLE_NAME = 'rotation_steps' THEN
    SELECT "job_id" INTO "thing" FROM "rotations" WHERE "id" = NEW."rotation_id";
  END IF;
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', NEW."organization_id", 'kind', TG_ARGV[0], 'id', "thing")::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER "jobs_notify" AFTER INSERT OR UPDATE ON "jobs" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('job');
CREATE TRIGGER "rotation_steps_notify" AFTER INSERT ON "rotation_steps" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('job');
CREATE TRIGGER "projects_notify" AFTER INSERT OR UPDATE ON "projects" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('project');
-- A change of a login concerns every project that uses it: the pages ask again by kind, not by id.
CREATE TRIGGER "databases_notify" AFTER UPDATE ON "databases" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('project');
CREATE TRIGGER "audit_events_notify" AFTER INSERT ON "audit_events" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('audit');
