import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { SEALED_COLUMNS } from './sealed-columns.ts';

/** The key that a sealed value names; see lib/crypto/envelope.ts. */
export const keyIdSql = (column: Prisma.Sql): Prisma.Sql => Prisma.sql`split_part(${column}, '.', 2)`;

/** How many values of the whole store are sealed with each key. */
export async function countValues(): Promise<Map<string, number>> {
  const each = SEALED_COLUMNS.map(({ table, column }) => {
    const name = Prisma.raw(`"${column}"`);
    return Prisma.sql`SELECT ${keyIdSql(name)} AS id, count(*) AS count FROM ${Prisma.raw(`"${table}"`)} WHERE ${name} <> '' GROUP BY 1`;
  });
  const rows = await db.$queryRaw<{ id: string; count: number }[]>`
    SELECT id, sum(count)::int AS count FROM (${Prisma.join(each, ' UNION ALL ')}) AS counts GROUP BY id`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}
