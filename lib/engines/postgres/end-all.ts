import { setTimeout as delay } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import type { Connection } from './connect.ts';

const GONE_WITHIN_MS = 3_000;

/** When a session began, in microseconds, as text: exact, and of one form. */
const BEGAN = '(extract(epoch FROM backend_start) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8::pg_catalog.text';

/**
 * Ends the sessions that meet a condition, never this one, and waits until they are gone. Returns how many went, and how many did not within 3 seconds.
 * The condition is SQL of ours with its values quoted.
 * All are told before the first is waited for: the server's own waiting takes 100 ms for each.
 */
export async function endAll(connection: Connection, condition: string): Promise<{ gone: number; left: number }> {
  // In the output and nowhere else: as a condition the planner may call it on sessions that another condition excludes.
  const asked = await connection.rows<{ pid: number; began: string; told: boolean }>(
    `SELECT pid, ${BEGAN} AS began, pg_catalog.pg_terminate_backend(pid) AS told FROM pg_catalog.pg_stat_activity
     WHERE pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
       AND backend_type OPERATOR(pg_catalog.=) ANY ('{client backend,walsender}'::pg_catalog.text[]) AND ${condition}`,
  );
  const told = asked.filter((session) => session.told);
  const end = Date.now() + GONE_WITHIN_MS;
  let left = told.length;
  while (left > 0) {
    // A process id may be taken again, with another start.
    const rows = await connection.rows(
      `SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid::pg_catalog.text OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) ${BEGAN}
         OPERATOR(pg_catalog.=) ANY (ARRAY[${told.map(({ pid, began }) => escapeLiteral(`${pid} ${began}`)).join(', ')}]::pg_catalog.text[])`,
    );
    left = rows.length;
    if (left === 0 || Date.now() > end) break;
    await delay(10);
  }
  return { gone: told.length - left, left };
}
