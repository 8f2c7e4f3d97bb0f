import { createHash } from 'node:crypto';
import net from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from '#generated/prisma/client.ts';
import { env } from './env.ts';
import { markStoreError } from './errors.ts';

export type Db = PrismaClient;
/** What works inside and outside a transaction alike. */
export type Tx = Omit<Db, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

/** Done once the transaction is committed; must not throw. */
type AfterCommit = () => void;

interface Ending {
  items: unknown[];
  work: (items: never[]) => Promise<AfterCommit>;
}

// The bundler may give a process several copies of this module.
const cache = globalThis as typeof globalThis & { rekeyPool?: pg.Pool; rekeyDb?: PrismaClient; rekeyEndings?: WeakMap<Tx, Map<string, Ending>> };
cache.rekeyEndings ??= new WeakMap();
const endings = cache.rekeyEndings;

/**
 * Puts off what takes a lock that many want: `work` is done once for all items under a key, as the last thing of the
 * transaction. Where it throws, the transaction comes to nothing; what it returns is called after the commit. Throws
 * outside a transaction.
 */
export function atTheEnd<T>(tx: Tx, key: string, item: T, work: (items: T[]) => Promise<AfterCommit>): void {
  const works = endings.get(tx);
  if (!works) throw new Error('This needs a transaction.');
  const known = works.get(key);
  if (known) known.items.push(item);
  else works.set(key, { items: [item], work });
}

/** The client, with transactions that do at their end what was put off. */
function withEndings(client: PrismaClient): PrismaClient {
  const transaction = async (run: (tx: Tx) => Promise<unknown>, options?: object) => {
    const committed: AfterCommit[] = [];
    const result = await client.$transaction(async (tx) => {
      const works = new Map<string, Ending>();
      endings.set(tx, works);
      const answer = await run(tx);
      endings.delete(tx);
      // In the same order everywhere, so that no two wait for each other.
      for (const [, { items, work }] of [...works].sort(([a], [b]) => (a < b ? -1 : 1))) committed.push(await work(items as never[]));
      return answer;
    }, options);
    for (const done of committed) done();
    return result;
  };
  return new Proxy(client, { get: (target, name) => (name === '$transaction' ? transaction : Reflect.get(target, name)) });
}

const PLAN_ANEW = '-- planned at every call';

/**
 * At the head of a statement that reads a table by the hundred rows: it is planned for the size the table has now. A kept
 * plan may stem from when the table was empty, and then goes over all of it again and again until the statistics are renewed.
 */
export const planAnew = Prisma.raw(PLAN_ANEW);

const statementNames = new Map<string, string>();

/** Named, a statement is planned once a connection rather than at every call: that is most of what a small query costs. */
function nameStatement({ sql }: { sql: string }): string {
  if (sql.startsWith(PLAN_ANEW)) return '';
  const name = statementNames.get(sql) ?? `rekey_${createHash('sha1').update(sql).digest('hex')}`;
  statementNames.set(sql, name);
  return name;
}

/**
 * Settings of each session. The store ends a transaction whose process has stood still for so long: frozen between two
 * statements it would hold its locks, and with them whoever takes over, for as long as it sleeps.
 */
const SESSION = { TimeZone: 'UTC', synchronous_commit: 'on', idle_in_transaction_session_timeout: env.REKEY_TRANSACTION_MS };
const options = Object.entries(SESSION)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Longer than a transaction, and so than any statement, may take. */
const SILENT_MS = env.REKEY_TRANSACTION_MS + 10_000;
/** Longer than the 10 s between two clock checks, which would each open a connection anew; an idle one is closed before it counts as silent. */
export const IDLE_MS = SILENT_MS - 5_000;

/**
 * The socket of a connection to the store, closed once nothing has arrived for `SILENT_MS`. If the store's machine loses
 * power, or a firewall forgets the connection, TCP itself waits for a quarter of an hour, and the query with it.
 */
export function openStoreSocket(): net.Socket {
  const socket = new net.Socket();
  return socket.setTimeout(SILENT_MS, () => void socket.destroy());
}

// adapter-pg drops the offset of `timestamptz` values: the session must run in UTC. A staged password that a crash of
// the store could take back would lock people out: its commit waits for the disk, whatever the server is set to.
cache.rekeyPool ??= new pg.Pool({ connectionString: env.DATABASE_URL, options, idleTimeoutMillis: IDLE_MS, stream: openStoreSocket })
  // A connection lost while idle: the next query takes another one.
  .on('error', () => undefined);
cache.rekeyDb ??= withEndings(
  new PrismaClient({
    adapter: new PrismaPg(cache.rekeyPool, { statementNameGenerator: nameStatement, disposeExternalPool: true }),
    // Many requests at once wait their turn for a connection rather than fail.
    transactionOptions: { maxWait: env.REKEY_TRANSACTION_MS, timeout: env.REKEY_TRANSACTION_MS },
  }),
);

export const db = cache.rekeyDb;
const pool = cache.rekeyPool;

/** Runs a statement; within a transaction it is that one's `$queryRaw`. */
export type Ask = <Row>(statement: Prisma.Sql) => Promise<Row[]>;

/**
 * One statement by itself, past Prisma, whose layers take as much of the processor as a small statement itself: for what
 * is done by the hundred. Its rows are as pg reads them; it throws pg's own errors.
 */
export const ask: Ask = async <Row>({ text, values }: Prisma.Sql) => {
  const { rows } = await pool.query<Row & object>({ name: nameStatement({ sql: text }), text, values }).catch((error: Error) => {
    throw markStoreError(error);
  });
  return rows;
};

/** Whether a write was refused because a unique index has such a row already. */
export const isUniqueViolation = (error: unknown): boolean => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
