-- A rotator's password is bound to a version too: an older value of the same row does not open in place of the present one.
ALTER TABLE "servers" ADD COLUMN "rotator_version" INTEGER NOT NULL DEFAULT 1;

-- Every key that values may be sealed with, and a constant sealed with it: what boot compares the keys it is given with.
CREATE TABLE "encryption_keys" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "encryption_keys_pkey" PRIMARY KEY ("id")
);
INSERT INTO "encryption_keys" ("id", "provider", "sealed", "created_at") SELECT split_part("sealed", '.', 2), 'local', "sealed", "created_at" FROM "key_checks";
DROP TABLE "key_checks";
