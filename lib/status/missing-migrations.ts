import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { db } from '#lib/kernel/db.ts';

let shipped: string[] | undefined;

/** The migrations that came with this version and are not (or not wholly) applied. Throws where the database does not answer. */
export async function missingMigrations(): Promise<string[]> {
  shipped ??= readdirSync(join(process.cwd(), 'prisma/migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const [{ isThere }] = await db.$queryRaw<[{ isThere: boolean }]>`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "isThere"`;
  if (!isThere) return shipped;
  const applied = await db.$queryRaw<
    { migration_name: string }[]
  >`SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const names = new Set(applied.map((row) => row.migration_name));
  return shipped.filter((name) => !names.has(name));
}
