-- A deployment of an environment with a database is a job of its project too.
ALTER TYPE "JobType" ADD VALUE 'environment.deploy';

ALTER TABLE "deployments" ADD COLUMN "job_id" TEXT;

CREATE UNIQUE INDEX "deployments_job_id_key" ON "deployments"("job_id");

ALTER TABLE "deployments" ADD CONSTRAINT "deployments_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE SET NULL ON UPDATE CASCADE;
