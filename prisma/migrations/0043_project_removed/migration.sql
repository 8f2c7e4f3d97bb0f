-- Open pages and the counts of the overview follow a project that is deleted, as they follow one that is added.
CREATE TRIGGER "projects_notify_removed" AFTER DELETE ON "projects" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('project');
