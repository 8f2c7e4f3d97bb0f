-- Imports of connection URLs: a file, and a row for each of its lines.
CREATE TYPE "ImportRowState" AS ENUM ('pending', 'imported', 'already_here', 'failed', 'canceled');

CREATE TABLE "imports" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "total" INTEGER NOT NULL,
  "requested_by" TEXT NOT NULL,
  "requested_by_id" TEXT,
  "canceled_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "imports_organization_id_created_at_idx" ON "imports"("organization_id", "created_at" DESC);
CREATE INDEX "imports_finished_at_idx" ON "imports"("finished_at");
-- What the sweep asks for.
CREATE INDEX "imports_unfinished" ON "imports"("id") WHERE "finished_at" IS NULL;
ALTER TABLE "imports" ADD CONSTRAINT "imports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "import_rows" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "import_id" TEXT NOT NULL,
  "line" INTEGER NOT NULL,
  "name" TEXT,
  "url" TEXT,
  "pooled_url" TEXT,
  "tags" JSONB NOT NULL DEFAULT '{}',
  "policy_id" TEXT,
  "server_key" TEXT,
  "server_identity" TEXT,
  "state" "ImportRowState" NOT NULL DEFAULT 'pending',
  "reasons" JSONB NOT NULL DEFAULT '[]',
  "project_id" TEXT,
  "sealed" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "failures" INTEGER NOT NULL DEFAULT 0,
  "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "import_rows_pkey" PRIMARY KEY ("id"),
  -- The password of a row goes with the row's end.
  CONSTRAINT "import_rows_sealed" CHECK ("state" = 'pending' OR "sealed" = '')
);
CREATE UNIQUE INDEX "import_rows_import_id_line_key" ON "import_rows"("import_id", "line");
CREATE INDEX "import_rows_pending" ON "import_rows"("import_id", "next_attempt_at") WHERE "state" = 'pending';
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id") ON DELETE CASCADE ON UPDATE CASCADE;
