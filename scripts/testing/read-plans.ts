// What PostgreSQL would do for the statements that this process sends.
import pg from 'pg';

interface Statement {
  text: string;
  values: unknown[];
  /** Whether it is kept prepared: PostgreSQL may then choose a plan that does not know the values. */
  isPrepared: boolean;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

/** Collects, from now on, each different statement that any connection of this process sends, with its first values. */
export function captureStatements(): { statements: () => Statement[]; stop: () => void } {
  const seen = new Map<string, Statement>();
  const original = pg.Client.prototype.query;
  const isPlanned = (text: string) => /^\s*(--[^\n]*\n\s*)*(select|with|insert|update|delete)\b/i.test(text);
  // biome-ignore lint/suspicious/noExplicitAny: `query` has many forms, and all are handed on as they are.
  pg.Client.prototype.query = function query(this: pg.Client, ...args: any[]): any {
    const [config, more] = args as [string | { text?: string; values?: unknown[]; name?: string }, unknown];
    const text = typeof config === 'string' ? config : config?.text;
    const values = typeof config === 'string' ? more : config?.values;
    if (text && isPlanned(text) && !seen.has(text))
      seen.set(text, { text, values: Array.isArray(values) ? values : [], isPrepared: typeof config === 'object' && Boolean(config.name) });
    return Reflect.apply(original, this, args);
  };
  return {
    statements: () => [...seen.values()],
    stop: () => {
      pg.Client.prototype.query = original;
    },
  };
}

/**
 * Which of the statements go over a whole table of more than `rows` rows, or over a whole index of one, with the plan's
 * node. Of a prepared one both plans count: the one for its values, and the one for any.
 */
export async function findWholeScans(url: string, statements: Statement[], rows: number): Promise<{ node: string; text: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const large = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > $1`,
      [rows],
    );
    const partial = await client.query<{ name: string }>('SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indpred IS NOT NULL');
    const [tables, small] = [large, partial].map((result) => new Set(result.rows.map(({ name }) => name))) as [Set<string>, Set<string>];
    const isWhole = (node: PlanNode) => {
      if (node['Node Type'] === 'Seq Scan') return tables.has(node['Relation Name'] ?? '');
      if (!/^Index (Only )?Scan$/.test(node['Node Type']) || node['Index Cond']) return false;
      return tables.has(node['Relation Name'] ?? '') && !small.has(node['Index Name'] ?? '');
    };
    const walk = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(walk)];
    const found: { node: string; text: string }[] = [];
    for (const { text, values, isPrepared } of statements) {
      const plans = [await client.query(`EXPLAIN (FORMAT JSON) ${text}`, values)];
      if (isPrepared && values.length > 0) plans.push(await client.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`));
      const nodes = plans.flatMap(({ rows: [row] }) => walk((row as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'][0].Plan));
      for (const node of nodes.filter(isWhole)) found.push({ node: `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name']}`, text });
    }
    return found;
  } finally {
    await client.end();
  }
}
