import { setTimeout as delay } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { EngineError } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import type { Connection } from './connect.ts';

const GONE_WITHIN_MS = 3_000;

/** When a session began, in microseconds, as text: exact, and of one form. */
const BEGAN = '(extract(epoch FROM backend_start) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8::pg_catalog.text';

interface Session {
  pid: number;
  began: string;
}

const isOneOf = (sessions: Session[]): string =>
  `pid::pg_catalog.text OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) ${BEGAN}
   OPERATOR(pg_catalog.=) ANY (ARRAY[${sessions.map(({ pid, began }) => escapeLiteral(`${pid} ${began}`)).join(', ')}]::pg_catalog.text[])`;

/** Tells these sessions to end; those that were told. */
async function terminate(connection: Connection, sessions: Session[]): Promise<Session[]> {
  // In the output and nowhere else: as a condition the planner may call it on sessions that another condition excludes.
  const asked = connection.rows<Session & { told: boolean }>(
    `SELECT pid, ${BEGAN} AS began, pg_catalog.pg_terminate_backend(pid) AS told FROM pg_catalog.pg_stat_activity WHERE ${isOneOf(sessions)}`,
  );
  const answers = await asked.catch((error: unknown) => {
    throw error instanceof EngineError && error.code === 'catalog_denied' ? engineError('sessions_denied') : error;
  });
  return answers.filter(({ told }) => told);
}

/**
 * Ends the sessions that meet a condition, never this one, and waits until they are gone. Returns how many went, and how many did not within 3 seconds.
 * The condition is SQL of ours with its values quoted.
 * Throws sessions_denied where there are some and this login may end none.
 * All are told before the first is waited for: the server's own waiting takes 100 ms for each.
 */
export async function endAll(connection: Connection, condition: string): Promise<{ gone: number; left: number }> {
  const found = await connection.rows<Session>(
    `SELECT pid, ${BEGAN} AS began FROM pg_catalog.pg_stat_activity
     WHERE pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
       AND backend_type OPERATOR(pg_catalog.=) ANY ('{client backend,walsender}'::pg_catalog.text[]) AND ${condition}`,
  );
  // Nobody is asked for the right to end sessions where there are none.
  const told = found.length === 0 ? [] : await terminate(connection, found);
  const end = performance.now() + GONE_WITHIN_MS;
  let left = told.length;
  while (left > 0) {
    // A process id may be taken again, with another start.
    left = (await connection.rows(`SELECT 1 FROM pg_catalog.pg_stat_activity WHERE ${isOneOf(told)}`)).length;
    if (left === 0 || performance.now() > end) break;
    await delay(10);
  }
  return { gone: told.length - left, left };
}
