-- AlterTable: the branches and environments of a place with variables that win there over what Rekey writes, as last seen.
ALTER TABLE "integrations" ADD COLUMN "own_targets" JSONB NOT NULL DEFAULT '[]';
