-- What has ended and is kept no longer is found without reading the rest.
CREATE INDEX "jobs_ended" ON "jobs"("completed_at") WHERE "state" IN ('completed', 'failed');
CREATE INDEX "redeployments_finished_at_idx" ON "redeployments"("finished_at");
CREATE INDEX "credentials_kept_passwords" ON "credentials"("updated_at") WHERE "state" = 'retired' AND "sealed" <> '';
CREATE INDEX "credentials_erased" ON "credentials"("updated_at") WHERE "state" = 'retired' AND "sealed" = '';
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- A credential goes only where nothing names it.
CREATE INDEX "rotations_to_credential_id_idx" ON "rotations"("to_credential_id");
CREATE INDEX "rotations_from_credential_id_idx" ON "rotations"("from_credential_id");
CREATE INDEX "deployments_credential_id_idx" ON "deployments"("credential_id");
