import { setTimeout as delay } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import type { Connection } from './connect.ts';

const GONE_WITHIN_MS = 3_000;

/**
 * Ends the sessions that meet a condition, never this one, and waits until they are gone. Returns how many went, and how many did not within 3 seconds.
 * The condition is SQL of ours with its values quoted.
 * All are told before the first is waited for: the server's own waiting takes 100 ms for each.
 */
export async function endAll(connection: Connection, condition: string): Promise<{ gone: number; left: number }> {
  // In the output and nowhere else: as a condition the planner may call it on sessions that another condition excludes.
  const asked = await connection.rows<{ pid: number; began: string; told: boolean }>(
    `SELECT pid, backend_start::text AS began, pg_terminate_backend(pid) AS told FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender') AND ${condition}`,
  );
  const told = asked.filter((session) => session.told);
  const end = Date.now() + GONE_WITHIN_MS;
  let left = told.length;
  while (left > 0) {
    // A process id may be taken again, with another start.
    const rows = await connection.rows(
      `SELECT 1 FROM pg_stat_activity JOIN json_to_recordset(${escapeLiteral(JSON.stringify(told))}) AS told(pid int, began timestamptz) USING (pid)
       WHERE backend_start = began`,
    );
    left = rows.length;
    if (left === 0 || Date.now() > end) break;
    await delay(10);
  }
  return { gone: told.length - left, left };
}
