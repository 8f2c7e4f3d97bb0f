import { z } from 'zod';
import { type Account, OWN_APPLICATION, type Rotator } from '#lib/engines/engine.ts';
import { logIn } from './connect.ts';
import { dateOf, msOf, readSettings } from './session.ts';

/** Before 16 whoever may create roles may change those of all but superusers; since then only of those that they administer. */
const mayChange = (version: number): string =>
  version < 160_000
    ? 'me.rolcreaterole'
    : `(me.rolcreaterole AND pg_catalog.pg_has_role(me.oid, r.oid, 'USAGE WITH ADMIN OPTION') AND (NOT r.rolreplication OR me.rolreplication))`;

const SESSIONS = `SELECT a.usesysid, a.datname, coalesce(a.application_name, '') AS application, coalesce(pg_catalog.host(a.client_addr), 'local') AS address,
    pg_catalog.count(*)::pg_catalog.int4 AS count, ${msOf('pg_catalog.min(a.backend_start)')} AS since
  FROM pg_catalog.pg_stat_activity a
  WHERE a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() AND a.usesysid IS NOT NULL
    AND (a.backend_type IS NULL OR a.backend_type OPERATOR(pg_catalog.=) ANY ('{client backend,walsender}'::pg_catalog.text[]))
  GROUP BY 1, 2, 3, 4`;

const sessions = z.array(z.object({ application: z.string(), address: z.string(), count: z.number(), since: z.number().nullable() }));

interface Row {
  name: string;
  isOwn: boolean;
  isSuperuser: boolean;
  mayChange: boolean;
  database: string | null;
  sessions: unknown;
}

function obstacleOf({ isOwn, isSuperuser, mayChange: may }: Row): Account['obstacle'] {
  if (isOwn) return 'is_rotator';
  if (may) return null;
  return isSuperuser ? 'superuser' : 'not_permitted';
}

/** The roles that may log in, with their sessions and whether this rotator may change them; see Engine. */
export async function listAccounts(rotator: Rotator): Promise<{ iterations: number; accounts: Account[] }> {
  const connection = await logIn(rotator.target, 'direct', rotator, OWN_APPLICATION);
  try {
    const { iterations } = await readSettings(connection);
    const rows = await connection.rows<Row>(
      `WITH seen AS (${SESSIONS})
       SELECT r.rolname::pg_catalog.text AS name, r.oid OPERATOR(pg_catalog.=) me.oid AS "isOwn", r.rolsuper AS "isSuperuser",
         me.rolsuper OR (NOT r.rolsuper AND ${mayChange(connection.version)}) AS "mayChange",
         coalesce(
           (SELECT s.datname::pg_catalog.text FROM seen s WHERE s.usesysid OPERATOR(pg_catalog.=) r.oid AND s.datname IS NOT NULL
            GROUP BY 1 ORDER BY pg_catalog.sum(s.count) DESC, 1 LIMIT 1),
           (SELECT d.datname::pg_catalog.text FROM pg_catalog.pg_database d
            WHERE d.datallowconn AND NOT d.datistemplate AND pg_catalog.has_database_privilege(r.oid, d.oid, 'CONNECT')
            ORDER BY d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database() DESC, d.datname OPERATOR(pg_catalog.=) 'postgres', d.datname LIMIT 1)) AS database,
         coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('application', s.application, 'address', s.address, 'count', s.count, 'since', s.since)
           ORDER BY s.count DESC, s.application, s.address) FROM seen s WHERE s.usesysid OPERATOR(pg_catalog.=) r.oid), '[]')::pg_catalog.text AS sessions
       FROM pg_catalog.pg_roles r JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) session_user
       WHERE r.rolcanlogin AND NOT pg_catalog.starts_with(r.rolname::pg_catalog.text, 'pg_')
       ORDER BY 1 LIMIT 10000`,
    );
    const accounts = rows.map((row) => ({
      name: row.name,
      database: row.database,
      obstacle: obstacleOf(row),
      sessions: sessions.parse(JSON.parse(String(row.sessions))).map(({ since, ...group }) => ({ ...group, since: dateOf(since) })),
    }));
    return { iterations, accounts };
  } finally {
    await connection.close();
  }
}
