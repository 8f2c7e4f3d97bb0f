-- AlterTable: what clients of the sites API say of an environment, kept as they said it.
ALTER TABLE "environments" ADD COLUMN "php_version" TEXT,
ADD COLUMN "custom_domain" TEXT,
ADD COLUMN "tags" TEXT[];

-- AlterTable: the device that a key was made for.
ALTER TABLE "api_keys" ADD COLUMN "device_name" TEXT;
