import { Prisma } from '#generated/prisma/client.ts';
import { rewrap } from '#lib/crypto/envelope.ts';
import { type KeyRing, SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { type Claim, holdClaim } from '#lib/queue/claim.ts';
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';

/** The key that a sealed value names; see lib/crypto/envelope.ts. */
const keyIdSql = (column: Prisma.Sql): Prisma.Sql => Prisma.sql`split_part(${column}, '.', 2)`;

/** Returns the number of values in the database that are sealed with each key, by key id. */
export async function countValues(): Promise<Map<string, number>> {
  const each = SEALED_COLUMNS.map(({ table, column }) => {
    const name = Prisma.raw(`"${column}"`);
    return Prisma.sql`SELECT ${keyIdSql(name)} AS id, count(*) AS count FROM ${Prisma.raw(`"${table}"`)} WHERE ${name} <> '' GROUP BY 1`;
  });
  const rows = await db.$queryRaw<{ id: string; count: number }[]>`
    SELECT id, sum(count)::int AS count FROM (${Prisma.join(each, ' UNION ALL ')}) AS counts GROUP BY id`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Small enough for a key in an external service, which takes two calls per value. */
const BATCH = 50;

interface SealedRow {
  key: string[];
  organizationId: string;
  version: number;
  sealed: string;
}

const name = (text: string): Prisma.Sql => Prisma.raw(`"${text}"`);
const keyOf = ({ key }: SealedColumn, of = ''): Prisma.Sql => Prisma.raw(key.map((column) => `${of}"${column}"`).join(', '));

export interface Rewrapped {
  rewrapped: number;
  /** Values that no key can decrypt. */
  unreadable: number;
}

/**
 * Goes once through a column, in the order of its rows, and wraps what is not wrapped with the current key. A row that
 * somebody else writes at this moment is left for the next time: nobody is kept waiting, and what is written anew
 * meanwhile stays. `record` notes how far it is, in the transaction that
 * writes each few rows under the claim.
 * @throws {ClaimLost}
 */
export async function rewrapColumn(
  claim: Claim<'encryption.rewrap'>,
  column: SealedColumn,
  ring: KeyRing,
  record: (tx: Tx, done: Rewrapped) => Promise<unknown>,
): Promise<void> {
  let after = column.key.map(() => '');
  for (;;) {
    const rows = await readBatch(column, ring.current.id, after);
    const last = rows.at(-1);
    if (!last) return;
    after = last.key;
    const wrapped = await Promise.all(rows.map((row) => rewrapRow(column, row, ring)));
    await failpoint('rewrap.wrapped');
    const changes = wrapped.filter((one) => one !== null);
    await db.$transaction(async (tx) => {
      await holdClaim(tx, claim);
      const rewrapped = changes.length > 0 ? await write(tx, column, changes) : 0;
      await record(tx, { rewrapped, unreadable: wrapped.length - changes.length });
    });
    await failpoint('rewrap.written');
  }
}

const readBatch = (column: SealedColumn, keyId: string, after: string[]): Promise<SealedRow[]> => db.$queryRaw`
  SELECT ARRAY[${keyOf(column)}] AS key, "organization_id" AS "organizationId", (${Prisma.raw(column.version)})::int AS version, ${name(column.column)} AS sealed
  FROM ${name(column.table)}
  WHERE ${name(column.column)} <> '' AND ${keyIdSql(name(column.column))} <> ${keyId} AND (${keyOf(column)}) > (${Prisma.join(after)})
  ORDER BY ${keyOf(column)} LIMIT ${BATCH}`;

interface Change {
  key: string[];
  before: string;
  after: string;
}

async function rewrapRow(column: SealedColumn, { key, organizationId, version, sealed }: SealedRow, ring: KeyRing): Promise<Change | null> {
  try {
    const context = column.contextOf({ key, id: key[0] ?? '', organizationId, version });
    return { key, before: sealed, after: await rewrap(sealed, context, ring) };
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}

/** Compare-and-set, row by row, in one statement. */
const write = (tx: Tx, column: SealedColumn, changes: Change[]): Promise<number> => tx.$executeRaw`
  WITH free AS (
    SELECT t.ctid, change.after FROM ${name(column.table)} t
    JOIN jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS change (key text[], before text, after text)
      ON ARRAY[${keyOf(column, 't.')}] = change.key AND t.${name(column.column)} = change.before
    FOR NO KEY UPDATE OF t SKIP LOCKED)
  UPDATE ${name(column.table)} t SET ${name(column.column)} = free.after FROM free WHERE t.ctid = free.ctid`;
