-- Attempts are counted by the claims that begin them. `failures` stays for versions before this one.
ALTER TABLE "rotations" ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0;
UPDATE "rotations" SET "attempts" = "failures" WHERE "finished_at" IS NULL;
ALTER TABLE "deployments" ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "key_rotations" ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "fence" INTEGER NOT NULL DEFAULT 0;

-- Claims of work that has no row of its own to hold them.
CREATE TABLE "work_claims" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimed_by" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "work_claims_pkey" PRIMARY KEY ("kind","id")
);

-- CreateIndex
CREATE INDEX "work_claims_next_attempt_at_idx" ON "work_claims"("next_attempt_at");
