-- Wrong codes that came with the right password: the member is told of them until they have seen it.
ALTER TABLE "second_factors" ADD COLUMN "wrong_codes" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "second_factors" ADD COLUMN "wrong_code_at" TIMESTAMPTZ(3);
ALTER TABLE "second_factors" ADD COLUMN "wrong_code_address" TEXT;
