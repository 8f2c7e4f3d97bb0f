import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '#generated/prisma/client.ts';
import { env } from '#lib/env.ts';

const cache = globalThis as typeof globalThis & { rekeyDb?: PrismaClient };

const statementNames = new Map<string, string>();

/** Named, a statement is planned once a connection rather than at every call: that is most of what a small query costs. */
function nameStatement({ sql }: { sql: string }): string {
  const name = statementNames.get(sql) ?? `rekey_${createHash('sha1').update(sql).digest('hex')}`;
  statementNames.set(sql, name);
  return name;
}

// adapter-pg drops the offset of `timestamptz` values: the session must run in UTC. A staged password that a crash of
// the store could take back would lock people out: its commit waits for the disk, whatever the server is set to.
cache.rekeyDb ??= new PrismaClient({
  adapter: new PrismaPg({ connectionString: env.DATABASE_URL, options: '-c TimeZone=UTC -c synchronous_commit=on' }, { statementNameGenerator: nameStatement }),
  // Many requests at once wait their turn for a connection rather than fail.
  transactionOptions: { maxWait: 20_000, timeout: 20_000 },
});

export const db = cache.rekeyDb;
export type Db = typeof db;
/** What works inside and outside a transaction alike. */
export type Tx = Omit<Db, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

/** Whether a write was refused because a unique index has such a row already. */
export const isUniqueViolation = (error: unknown): boolean => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
