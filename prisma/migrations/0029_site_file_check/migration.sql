-- What the last connection check found in the way of writing a site's file: a code, null where nothing was.
ALTER TABLE "sites" ADD COLUMN "wp_config_error" TEXT;
