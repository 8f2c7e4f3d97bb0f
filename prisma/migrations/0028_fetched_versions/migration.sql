-- What has fetched its variables may be what runs, whatever became of its deployment.
ALTER TABLE "deployments" ADD COLUMN "fetched_at" TIMESTAMPTZ(3);

UPDATE "deployments" d SET "fetched_at" = t."used_at"
FROM "deployment_tokens" t
WHERE t."deployment_id" = d."id" AND t."kind" = 'fetch' AND t."used_at" IS NOT NULL;

-- Those after the last deployment that stands hold their version again, where it has not ended yet.
UPDATE "credentials" c SET "held_by_deployment" = true
FROM "deployments" d
WHERE d."credential_id" = c."id" AND c."state" IN ('current', 'retiring') AND d."fetched_at" IS NOT NULL
  AND d."number" > (SELECT coalesce(max(s."number"), 0) FROM "deployments" s WHERE s."environment_id" = d."environment_id" AND s."state" = 'deployed');
