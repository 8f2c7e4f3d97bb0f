-- Pages of projects by name, and rotations counted by week without reading them.
CREATE INDEX "projects_organization_id_name_id_idx" ON "projects"("organization_id", "name", "id");
CREATE INDEX "rotations_ended" ON "rotations"("organization_id", "finished_at") INCLUDE ("state", "database_id") WHERE "kind" = 'rotate' AND "finished_at" IS NOT NULL;
