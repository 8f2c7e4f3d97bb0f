-- Open pages follow what was added to sites, and what is gone from them.
CREATE FUNCTION "rekey_notify_removed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', OLD."organization_id", 'kind', TG_ARGV[0], 'id', OLD."id")::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER "sites_notify_removed" AFTER DELETE ON "sites" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('site');
CREATE TRIGGER "environments_notify_removed" AFTER DELETE ON "environments" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('site');
CREATE TRIGGER "environment_secrets_notify" AFTER INSERT OR UPDATE ON "environment_secrets" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('site');
CREATE TRIGGER "environment_secrets_notify_removed" AFTER DELETE ON "environment_secrets" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('site');
