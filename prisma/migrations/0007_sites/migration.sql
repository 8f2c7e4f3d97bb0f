-- CreateEnum
CREATE TYPE "DeploymentState" AS ENUM ('pending', 'deploying', 'deployed', 'failed');

-- CreateEnum
CREATE TYPE "DeploymentTokenKind" AS ENUM ('fetch', 'report');

-- CreateTable
CREATE TABLE "sites" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "external_id" TEXT,
    "project_id" TEXT NOT NULL,
    "partner_customer_id" TEXT NOT NULL,
    "tags" TEXT[],
    "dev_domain" TEXT,
    "dev_php_version" TEXT,
    "wp_config_path" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environments" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "external_id" TEXT,
    "site_id" TEXT NOT NULL,
    "project_id" TEXT,
    "name" TEXT NOT NULL,
    "is_production" BOOLEAN NOT NULL DEFAULT false,
    "deploy_hook_url" TEXT,
    "hook_secret_version" INTEGER NOT NULL DEFAULT 0,
    "hook_secret_sealed" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "environments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployments" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "DeploymentState" NOT NULL DEFAULT 'pending',
    "is_marked" BOOLEAN NOT NULL DEFAULT false,
    "credential_id" TEXT,
    "stdout" TEXT NOT NULL DEFAULT '',
    "stderr" TEXT NOT NULL DEFAULT '',
    "actor" TEXT NOT NULL,
    "error_code" TEXT,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "claimed_by" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_tokens" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "kind" "DeploymentTokenKind" NOT NULL,
    "token_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment_secrets" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "environment_id" TEXT,
    "key" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "environment_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sites_project_id_key" ON "sites"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "sites_organization_id_external_id_key" ON "sites"("organization_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "environments_project_id_key" ON "environments"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "environments_site_id_name_key" ON "environments"("site_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "environments_organization_id_external_id_key" ON "environments"("organization_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "deployments_environment_id_number_key" ON "deployments"("environment_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_tokens_token_hash_key" ON "deployment_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "deployment_tokens_deployment_id_idx" ON "deployment_tokens"("deployment_id");

-- CreateIndex
CREATE UNIQUE INDEX "environment_secrets_environment_id_key_key" ON "environment_secrets"("environment_id", "key");

-- AddForeignKey
ALTER TABLE "sites" ADD CONSTRAINT "sites_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sites" ADD CONSTRAINT "sites_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environments" ADD CONSTRAINT "environments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environments" ADD CONSTRAINT "environments_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environments" ADD CONSTRAINT "environments_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_credential_id_fkey" FOREIGN KEY ("credential_id") REFERENCES "credentials"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment_tokens" ADD CONSTRAINT "deployment_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment_tokens" ADD CONSTRAINT "deployment_tokens_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment_secrets" ADD CONSTRAINT "environment_secrets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment_secrets" ADD CONSTRAINT "environment_secrets_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One live deployment for each environment.
CREATE UNIQUE INDEX "deployments_one_live" ON "deployments"("environment_id") WHERE "state" IN ('pending', 'deploying');

-- A key is there once for an organization's all environments; for one environment the table's own index sees to it.
CREATE UNIQUE INDEX "environment_secrets_global_key" ON "environment_secrets"("organization_id", "key") WHERE "environment_id" IS NULL;

CREATE TRIGGER "sites_notify" AFTER INSERT OR UPDATE ON "sites" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('site');
CREATE TRIGGER "environments_notify" AFTER INSERT OR UPDATE ON "environments" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('site');
CREATE TRIGGER "deployments_notify" AFTER INSERT OR UPDATE ON "deployments" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('site');
