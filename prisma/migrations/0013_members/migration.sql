-- AlterTable
ALTER TABLE "users" ADD COLUMN "name" TEXT;

-- AlterTable
ALTER TABLE "members" ADD COLUMN "is_restricted" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "member_grants" (
    "organization_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,

    CONSTRAINT "member_grants_pkey" PRIMARY KEY ("organization_id", "user_id", "project_id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" "MemberRole" NOT NULL,
    "is_restricted" BOOLEAN NOT NULL DEFAULT false,
    "project_ids" TEXT[],
    "token_hash" TEXT NOT NULL,
    "invited_by" TEXT NOT NULL,
    "invited_by_id" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "member_grants_project_id_idx" ON "member_grants"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_organization_id_email_key" ON "invitations"("organization_id", "email");

-- AddForeignKey
ALTER TABLE "member_grants" ADD CONSTRAINT "member_grants_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "members"("organization_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_grants" ADD CONSTRAINT "member_grants_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Open pages follow who is a member. The thing is the person: a page whose own person it is asks whether they still are.
CREATE FUNCTION "rekey_notify_member"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "row" record := coalesce(NEW, OLD);
BEGIN
  PERFORM pg_notify('rekey_changed', json_build_object('organization_id', "row"."organization_id", 'kind', 'member', 'id', "row"."user_id")::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER "members_notify" AFTER INSERT OR UPDATE OR DELETE ON "members" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_member"();
CREATE TRIGGER "member_grants_notify" AFTER INSERT OR DELETE ON "member_grants" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_member"();
CREATE TRIGGER "invitations_notify" AFTER INSERT OR UPDATE ON "invitations" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_changed"('member');
CREATE TRIGGER "invitations_notify_removed" AFTER DELETE ON "invitations" FOR EACH ROW EXECUTE FUNCTION "rekey_notify_removed"('member');
