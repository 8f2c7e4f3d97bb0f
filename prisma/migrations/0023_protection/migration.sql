-- What guarded the login when it was last checked, and the keys that were refused in place of the trusted ones.
ALTER TABLE "databases"
  ADD COLUMN "protection" JSONB,
  ADD COLUMN "refused_keys" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "allows_md5_since_upgrade" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "servers" ADD COLUMN "rotator_allows_md5" BOOLEAN NOT NULL DEFAULT false;

-- Until now every login answered MD5 without TLS. Those that may do so go on, and the next check of one that needs no MD5 ends it.
UPDATE "databases" d SET "allows_md5" = true, "allows_md5_since_upgrade" = true FROM "servers" s
  WHERE s."id" = d."server_id" AND s."engine" = 'postgresql' AND (d."ssl_mode" IN ('disable', 'prefer') OR d."pooled_ssl_mode" IN ('disable', 'prefer'));
UPDATE "servers" SET "rotator_allows_md5" = true WHERE "engine" = 'postgresql' AND "rotator_ssl_mode" IN ('disable', 'prefer');
