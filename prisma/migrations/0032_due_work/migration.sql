-- What a worker asks every second, or every half a minute, is found without reading what has ended.

-- Ended rotations whose sessions are scanned once more.
CREATE INDEX "rotations_rescan" ON "rotations"("rescan_at") WHERE "rescan_at" IS NOT NULL;

-- Old passwords that are to end.
DROP INDEX "credentials_retire_at_idx";
CREATE INDEX "credentials_retiring" ON "credentials"("retire_at") WHERE "state" = 'retiring';

-- Current passwords by their last proof, and those that a rotation has found rejected, for the daily check.
CREATE INDEX "credentials_unproven" ON "credentials"((coalesce("direct_proven_at", "created_at"))) WHERE "state" = 'current';
CREATE INDEX "jobs_password_refused" ON "jobs"("database_id") WHERE "error_code" = 'current_password_refused';

CREATE INDEX "integrations_next_check_at_idx" ON "integrations"("next_check_at");
