-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN "last_used_address" TEXT,
ADD COLUMN "replaced_by_id" TEXT,
ADD COLUMN "revoked_by" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_replaced_by_id_key" ON "api_keys"("replaced_by_id");

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_replaced_by_id_fkey" FOREIGN KEY ("replaced_by_id") REFERENCES "api_keys"("id") ON DELETE SET NULL ON UPDATE CASCADE;
