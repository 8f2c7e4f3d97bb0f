-- Members are notified by e-mail: what each wants to know, what is to be said, and the mails that say it.
CREATE TYPE "MailState" AS ENUM ('pending', 'sent', 'failed');

CREATE TABLE "notification_preferences" (
  "organization_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "kinds" TEXT[] NOT NULL,
  "night_kinds" TEXT[] NOT NULL,
  "time_zone" TEXT,
  "tag_key" TEXT,
  "tag_value" TEXT,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "notification_preferences_pkey" PRIMARY KEY ("organization_id", "user_id"),
  CONSTRAINT "notification_preferences_tag" CHECK (("tag_key" IS NULL) = ("tag_value" IS NULL))
);
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_organization_id_user_id_fkey"
  FOREIGN KEY ("organization_id", "user_id") REFERENCES "members"("organization_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE TRIGGER "notification_preferences_stamp_inserted" BEFORE INSERT ON "notification_preferences" FOR EACH ROW EXECUTE FUNCTION "rekey_stamp_updated"();
CREATE TRIGGER "notification_preferences_stamp_updated" BEFORE UPDATE ON "notification_preferences" FOR EACH ROW
  WHEN (NEW."updated_at" IS DISTINCT FROM OLD."updated_at") EXECUTE FUNCTION "rekey_stamp_updated"();

CREATE TABLE "mails" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "state" "MailState" NOT NULL DEFAULT 'pending',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "fence" INTEGER NOT NULL DEFAULT 0,
  "claimed_by" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  "subject" TEXT,
  "last_error" TEXT,
  "sent_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp(),
  CONSTRAINT "mails_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "mails" ADD CONSTRAINT "mails_organization_id_user_id_fkey"
  FOREIGN KEY ("organization_id", "user_id") REFERENCES "members"("organization_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "mails_organization_id_user_id_created_at_idx" ON "mails"("organization_id", "user_id", "created_at" DESC);
CREATE INDEX "mails_created_at_idx" ON "mails"("created_at");
-- What the sweep asks for.
CREATE INDEX "mails_pending" ON "mails"("next_attempt_at") WHERE "state" = 'pending';

CREATE TABLE "notices" (
  "event_id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "not_before" TIMESTAMPTZ(3) NOT NULL,
  "mail_id" TEXT,
  CONSTRAINT "notices_pkey" PRIMARY KEY ("event_id", "user_id")
);
ALTER TABLE "notices" ADD CONSTRAINT "notices_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "events"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "notices" ADD CONSTRAINT "notices_organization_id_user_id_fkey"
  FOREIGN KEY ("organization_id", "user_id") REFERENCES "members"("organization_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "notices" ADD CONSTRAINT "notices_mail_id_fkey" FOREIGN KEY ("mail_id") REFERENCES "mails"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "notices_mail_id_idx" ON "notices"("mail_id");
CREATE INDEX "notices_organization_id_user_id_idx" ON "notices"("organization_id", "user_id");
CREATE INDEX "notices_waiting" ON "notices"("not_before") WHERE "mail_id" IS NULL;

ALTER TABLE "policies" ADD COLUMN "notify_user_ids" TEXT[] NOT NULL DEFAULT '{}';
