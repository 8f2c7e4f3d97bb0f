import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '#generated/prisma/client.ts';
import { env } from '#lib/env.ts';

const cache = globalThis as typeof globalThis & { rekeyDb?: PrismaClient };

// adapter-pg drops the offset of `timestamptz` values: the session must run in UTC. A staged password that a crash of
// the store could take back would lock people out: its commit waits for the disk, whatever the server is set to.
cache.rekeyDb ??= new PrismaClient({
  adapter: new PrismaPg({ connectionString: env.DATABASE_URL, options: '-c TimeZone=UTC -c synchronous_commit=on' }),
  // Many requests at once wait their turn for a connection rather than fail.
  transactionOptions: { maxWait: 20_000, timeout: 20_000 },
});

export const db = cache.rekeyDb;
export type Db = typeof db;
/** What works inside and outside a transaction alike. */
export type Tx = Omit<Db, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;
