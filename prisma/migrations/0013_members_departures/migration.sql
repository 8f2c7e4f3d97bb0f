-- CreateTable
CREATE TABLE "departures" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "removed_by" TEXT NOT NULL,
    "requested_by" TEXT,
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "departures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "departure_credentials" (
    "organization_id" TEXT NOT NULL,
    "departure_id" TEXT NOT NULL,
    "database_id" TEXT NOT NULL,
    "versions" INTEGER[],
    "requested_at" TIMESTAMPTZ(3),
    "job_id" TEXT,
    "error_code" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "departure_credentials_pkey" PRIMARY KEY ("departure_id", "database_id")
);

-- CreateIndex
CREATE INDEX "departures_organization_id_created_at_idx" ON "departures"("organization_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "departure_credentials_job_id_idx" ON "departure_credentials"("job_id");

-- AddForeignKey
ALTER TABLE "departures" ADD CONSTRAINT "departures_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "departure_credentials" ADD CONSTRAINT "departure_credentials_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "departure_credentials" ADD CONSTRAINT "departure_credentials_departure_id_fkey" FOREIGN KEY ("departure_id") REFERENCES "departures"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "departure_credentials" ADD CONSTRAINT "departure_credentials_database_id_fkey" FOREIGN KEY ("database_id") REFERENCES "databases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "departure_credentials" ADD CONSTRAINT "departure_credentials_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What the workers look for every second is small, however many departures there have been.
CREATE INDEX "departure_credentials_unfinished" ON "departure_credentials"("departure_id") WHERE "requested_at" IS NOT NULL AND "ended_at" IS NULL;

-- Open pages follow them. The thing is the departure.
CREATE FUNCTION "rekey_notify_departure"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', NEW."organization_id", 'kind', 'departure', 'id', NEW."departure_id")::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER "departures_notify" AFTER INSERT OR UPDATE ON "departures" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('departure');
CREATE TRIGGER "departure_credentials_notify" AFTER INSERT OR UPDATE ON "departure_credentials" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_departure"();
