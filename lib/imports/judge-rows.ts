import type { FileRow, RowFault } from '#lib/contract/import-file.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import type { Target } from '#lib/projects/read-target.ts';
import { type ReadRow, readRow } from './read-row.ts';

export type Verdict = 'new' | 'already_here' | 'will_not_work';

export interface NamedRow {
  id: string;
  name: string;
}

/** A row with what Rekey would do with it. */
export interface JudgedRow extends Omit<ReadRow, 'faults'> {
  row: FileRow;
  policy: NamedRow | null;
  verdict: Verdict;
  reasons: RowFault[];
  /** The project that has the same server and login. */
  project: NamedRow | null;
}

/** The server of a row, by its address. */
export const serverKeyOf = ({ engine, host, port }: Target['direct']): string => `${engine} ${host} ${port}`;

/** The identity of a row: its server and its login. */
export const loginKeyOf = (direct: Target['direct']): string => `${serverKeyOf(direct)} ${direct.user}`;

/** The first project of each login that the organization has on these hosts, by the login's key. */
export async function findKnownLogins({ organizationId }: Pick<Context, 'organizationId'>, hosts: string[], tx: Tx = db): Promise<Map<string, NamedRow>> {
  const rows = await tx.$queryRaw<{ key: string; id: string; name: string }[]>`
    SELECT DISTINCT ON (1) concat_ws(' ', s.engine, d.host, d.direct_port, d.role_name) AS key, p.id, p.name
    FROM databases d JOIN servers s ON s.id = d.server_id JOIN projects p ON p.database_id = d.id
    WHERE d.organization_id = ${organizationId} AND d.host = ANY(${hosts}) ORDER BY 1, p.created_at, p.id`;
  return new Map(rows.map(({ key, id, name }) => [key, { id, name }]));
}

/** Policies by their id and by their name. */
async function readPolicies({ organizationId }: Context): Promise<Map<string, NamedRow>> {
  const policies = await db.policy.findMany({ where: { organizationId }, select: { id: true, name: true } });
  return new Map(policies.flatMap((policy) => [[policy.name, policy] as const, [policy.id, policy] as const]));
}

export const alreadyHere = ({ name }: NamedRow): RowFault => ({ field: 'row', text: `Same server and login as the project ${name}. Nothing was changed.` });

/**
 * Returns what Rekey would do with each row: the row's errors, whether an earlier row or a project has the same server and login,
 * and which policy it names. Contacts no server and stores nothing.
 */
export async function judgeRows(context: Context, rows: FileRow[]): Promise<JudgedRow[]> {
  const read = rows.map((row) => ({ row, ...readRow(row) }));
  const hosts = [...new Set(read.flatMap(({ target }) => target?.direct.host ?? []))];
  const [known, policies] = await Promise.all([findKnownLogins(context, hosts), readPolicies(context)]);
  const firstLine = new Map<string, number>();
  return read.map(({ faults, ...one }) => {
    const wanted = one.row.policy;
    const policy = policies.get(wanted) ?? null;
    const reasons: RowFault[] = [...faults];
    if (wanted !== '' && !policy)
      reasons.push({ field: 'policy', text: 'The organization has no policy of that name. Create it first, or leave the cell empty.' });
    const key = one.target && reasons.length === 0 ? loginKeyOf(one.target.direct) : null;
    const project = (key !== null && known.get(key)) || null;
    const before = key === null ? undefined : firstLine.get(key);
    if (project) return { ...one, policy, verdict: 'already_here', reasons: [alreadyHere(project)], project };
    if (before !== undefined) reasons.push({ field: 'row', text: `Same server and login as line ${before}. Rekey keeps a login once: remove one of the two.` });
    else if (key !== null) firstLine.set(key, one.line);
    return { ...one, policy, verdict: reasons.length > 0 ? 'will_not_work' : 'new', reasons, project: null };
  });
}
