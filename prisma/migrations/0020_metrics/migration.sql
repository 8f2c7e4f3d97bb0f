-- What GET /metrics counts, however much has ended long ago.
CREATE INDEX "rotations_finished_at_idx" ON "rotations"("finished_at");
CREATE INDEX "jobs_live" ON "jobs"("type", "state") WHERE "state" IN ('queued', 'running');
CREATE INDEX "deliveries_failed" ON "deliveries"("updated_at") WHERE "state" = 'failed';
