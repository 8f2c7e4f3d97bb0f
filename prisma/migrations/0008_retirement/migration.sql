-- An old password may live on beside the new one: for some hours, or until a deployment carries the new one.
CREATE TYPE "RotationKind" AS ENUM ('rotate', 'retire');
CREATE TYPE "Retirement" AS ENUM ('immediate', 'grace', 'on_deploy');
ALTER TYPE "JobType" ADD VALUE 'credential.retire';

ALTER TABLE "rotations"
  ADD COLUMN "kind" "RotationKind" NOT NULL DEFAULT 'rotate',
  ADD COLUMN "retirement" "Retirement" NOT NULL DEFAULT 'immediate',
  ADD COLUMN "grace_hours" INTEGER,
  ADD COLUMN "keeps" INTEGER[] NOT NULL DEFAULT '{}',
  ADD COLUMN "first_connection_id" BIGINT;

ALTER TABLE "credentials"
  ADD COLUMN "retire_at" TIMESTAMPTZ(3),
  ADD COLUMN "held_by_deployment" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX "credentials_retire_at_idx" ON "credentials" ("retire_at");
