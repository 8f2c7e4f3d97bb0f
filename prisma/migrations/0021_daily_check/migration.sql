-- Until then nobody else looks by itself whether the login's password still works. What is due is told by the last proof.
ALTER TABLE "databases" ADD COLUMN "next_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
