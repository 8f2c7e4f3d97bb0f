-- CreateEnum
CREATE TYPE "ConsumerKind" AS ENUM ('ci_secret', 'cron_job', 'env_file', 'password_manager', 'other');

-- CreateTable
CREATE TABLE "consumers" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "ConsumerKind" NOT NULL,
    "owner" TEXT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consumers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consumer_tasks" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "rotation_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "consumer_id" TEXT,
    "name" TEXT NOT NULL,
    "kind" "ConsumerKind" NOT NULL,
    "owner" TEXT,
    "note" TEXT,
    "done_at" TIMESTAMPTZ(3),
    "done_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumer_tasks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "consumers_project_id_name_key" ON "consumers"("project_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "consumer_tasks_rotation_id_consumer_id_key" ON "consumer_tasks"("rotation_id", "consumer_id");

-- CreateIndex
CREATE INDEX "consumer_tasks_consumer_id_created_at_idx" ON "consumer_tasks"("consumer_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "consumers" ADD CONSTRAINT "consumers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumers" ADD CONSTRAINT "consumers_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumer_tasks" ADD CONSTRAINT "consumer_tasks_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumer_tasks" ADD CONSTRAINT "consumer_tasks_rotation_id_fkey" FOREIGN KEY ("rotation_id") REFERENCES "rotations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumer_tasks" ADD CONSTRAINT "consumer_tasks_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumer_tasks" ADD CONSTRAINT "consumer_tasks_consumer_id_fkey" FOREIGN KEY ("consumer_id") REFERENCES "consumers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Open pages follow: the list of consumers shows what became of the last rotation's tasks, a rotation's page shows its own.
CREATE FUNCTION "rekey_notify_consumer"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "row" record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', "row"."organization_id", 'kind', 'consumer', 'id', "row"."project_id")::text);
  IF TG_TABLE_NAME = 'consumer_tasks' THEN
    PERFORM pg_notify('rekey_changed', json_build_object('organization_id', "row"."organization_id", 'kind', 'job', 'id', "job_id")::text)
      FROM "rotations" WHERE "id" = "row"."rotation_id";
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER "consumers_notify" AFTER INSERT OR UPDATE OR DELETE ON "consumers" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_consumer"();
CREATE TRIGGER "consumer_tasks_notify" AFTER INSERT OR UPDATE ON "consumer_tasks" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_consumer"();
