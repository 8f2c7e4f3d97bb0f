-- Logins by Rekey itself that a server rejected: how many of one account, at one endpoint, within some minutes.
CREATE TABLE "failed_logins" (
    "server_id" TEXT NOT NULL,
    "login" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "counted" JSONB NOT NULL DEFAULT '{}',
    "expected" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "failed_logins_pkey" PRIMARY KEY ("server_id","login","endpoint")
);

-- AddForeignKey
ALTER TABLE "failed_logins" ADD CONSTRAINT "failed_logins_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "failed_logins" ADD CONSTRAINT "failed_logins_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON DELETE CASCADE ON UPDATE CASCADE;
