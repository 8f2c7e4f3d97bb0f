import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Prisma's own WebAssembly engine answers in place of the native binary: nothing is downloaded.
// The CLI reads what the engine prints to standard error as JSON: a warning of Node's would end the migration.
process.env.NODE_NO_WARNINGS = '1';
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./scripts/prisma-schema-engine.mjs', import.meta.url));

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://rekey@127.0.0.1:5432/rekey' },
});
