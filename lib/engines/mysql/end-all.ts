import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '#lib/engines/engine.ts';
import type { Connection } from './connect.ts';

const GONE_WITHIN_MS = 3_000;

/** Ends connections and waits until they are gone. Returns how many went; those that stay for more than 3 seconds do not count. */
export async function endAll(connection: Connection, ids: number[]): Promise<number> {
  const told: number[] = [];
  for (const id of ids) if (await kill(connection, id)) told.push(id);
  const end = performance.now() + GONE_WITHIN_MS;
  let left = told.length;
  while (left > 0) {
    left = (await connection.rows(`SELECT 1 FROM information_schema.PROCESSLIST WHERE ID IN (${told.join(', ')})`)).length;
    if (left === 0 || performance.now() > end) break;
    await delay(10);
  }
  return told.length - left;
}

/** False where there is none of that id any more, for which the server has a number of its own (1094). */
async function kill(connection: Connection, id: number): Promise<boolean> {
  try {
    await connection.run(`KILL ${id}`);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'unexpected') return false;
    throw error;
  }
}
