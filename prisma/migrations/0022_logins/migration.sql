-- Address, TLS and pooler become facts of a login: nobody else's URL changes with them.
ALTER TABLE "databases"
  ADD COLUMN "host" TEXT,
  ADD COLUMN "direct_port" INTEGER,
  ADD COLUMN "ssl_mode" "SslMode",
  ADD COLUMN "ca_pem" TEXT,
  ADD COLUMN "direct_pinned_key" TEXT,
  ADD COLUMN "direct_pinned_rsa_key" TEXT,
  ADD COLUMN "allows_md5" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "pooled_host" TEXT,
  ADD COLUMN "pooled_port" INTEGER,
  ADD COLUMN "pooled_user" TEXT,
  ADD COLUMN "pooled_ssl_mode" "SslMode",
  ADD COLUMN "pooled_pinned_key" TEXT,
  ADD COLUMN "pooled_pinned_rsa_key" TEXT,
  ADD COLUMN "place_version" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "login_key" TEXT;

UPDATE "databases" d SET
  "host" = s."host", "direct_port" = s."direct_port", "ssl_mode" = s."ssl_mode", "ca_pem" = s."ca_pem",
  "pooled_host" = CASE WHEN s."pooled_port" IS NOT NULL THEN coalesce(s."pooled_host", s."host") END,
  "pooled_port" = s."pooled_port",
  "pooled_ssl_mode" = CASE WHEN s."pooled_port" IS NOT NULL THEN s."ssl_mode" END,
  "login_key" = d."id"
FROM "servers" s WHERE s."id" = d."server_id";

ALTER TABLE "databases"
  ALTER COLUMN "host" SET NOT NULL,
  ALTER COLUMN "direct_port" SET NOT NULL,
  ALTER COLUMN "ssl_mode" SET NOT NULL,
  ALTER COLUMN "login_key" SET NOT NULL;

-- A live rotation keeps other ones of the same login away by the login's key from now on.
UPDATE "rotations" r SET "target_key" = d."login_key" FROM "databases" d
  WHERE d."id" = r."database_id" AND r."state" NOT IN ('completed', 'failed');

-- A login whose password differs is another one, also under the same name on the same server.
DROP INDEX "databases_server_id_role_name_key";
CREATE INDEX "databases_server_id_role_name_idx" ON "databases"("server_id", "role_name");
CREATE INDEX "databases_organization_id_host_direct_port_role_name_idx" ON "databases"("organization_id", "host", "direct_port", "role_name");
CREATE INDEX "databases_login_key_idx" ON "databases"("login_key");

-- The versions of a password that may be sent where the login stands now.
ALTER TABLE "credentials" ADD COLUMN "place_version" INTEGER NOT NULL DEFAULT 1;

-- A server is known by what it says of itself; its rotator has an address of its own.
ALTER TABLE "servers"
  ADD COLUMN "identity" TEXT,
  ADD COLUMN "rotator_host" TEXT,
  ADD COLUMN "rotator_port" INTEGER,
  ADD COLUMN "rotator_ssl_mode" "SslMode",
  ADD COLUMN "rotator_ca_pem" TEXT,
  ADD COLUMN "rotator_pinned_key" TEXT,
  ADD COLUMN "rotator_pinned_rsa_key" TEXT;

UPDATE "servers" SET "rotator_host" = "host", "rotator_port" = "direct_port", "rotator_ssl_mode" = "ssl_mode", "rotator_ca_pem" = "ca_pem"
  WHERE "rotator_name" IS NOT NULL;

DROP INDEX "servers_organization_id_host_direct_port_key";
ALTER TABLE "servers"
  DROP COLUMN "host", DROP COLUMN "direct_port", DROP COLUMN "pooled_host", DROP COLUMN "pooled_port", DROP COLUMN "ssl_mode", DROP COLUMN "ca_pem";
CREATE UNIQUE INDEX "servers_organization_id_engine_identity_key" ON "servers"("organization_id", "engine", "identity");

-- The URLs as they were given, without their password: what is handed out differs in nothing else.
ALTER TABLE "projects"
  ADD COLUMN "pooled_database_name" TEXT,
  ADD COLUMN "direct_url" TEXT,
  ADD COLUMN "pooled_url" TEXT;
