-- When the member last gave the password in this session: at sign-in, and again when asked.
ALTER TABLE "sessions" ADD COLUMN "verified_at" TIMESTAMPTZ(3) NOT NULL DEFAULT statement_timestamp();
UPDATE "sessions" SET "verified_at" = "authenticated_at";
