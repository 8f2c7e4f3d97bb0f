-- AlterEnum
ALTER TYPE "WebhookDialect" ADD VALUE 'capydb';

-- AlterTable: which secrets a receiver that reads one signature has. A null former version is the one before the present one.
ALTER TABLE "webhook_endpoints" ADD COLUMN "former_version" INTEGER,
ADD COLUMN "acknowledged_version" INTEGER;
