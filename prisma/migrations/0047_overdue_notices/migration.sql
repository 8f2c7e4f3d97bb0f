-- Which end of its age a login was last reported for: once for each password.
ALTER TABLE "databases" ADD COLUMN "overdue_told_for" TIMESTAMPTZ(3);
CREATE INDEX "databases_due_at" ON "databases"("due_at") WHERE "due_at" IS NOT NULL;
