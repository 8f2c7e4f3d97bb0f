import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

const TICKS_A_SECOND = 100;

/** The numbers of /proc/<pid>/stat behind the name, which may hold spaces. */
function stat(pid: string): { parent: string; ticks: number; endedTicks: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const sum = (...at: number[]) => at.reduce((total, n) => total + Number(fields[n]), 0);
    return { parent: fields[1] ?? '', ticks: sum(11, 12), endedTicks: sum(13, 14) };
  } catch {
    return null;
  }
}

/** CPU time of a PostgreSQL on this machine so far, in s, with its sessions and what ended of them. Linux alone. */
export async function storeCpuSeconds(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = stat(String(rows[0]?.pid))?.parent ?? '';
  await client.end();
  const main = stat(postmaster);
  const children = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (stat(pid) ?? []) : []));
  const ticks = children.filter(({ parent }) => parent === postmaster).reduce((sum, one) => sum + one.ticks, (main?.ticks ?? 0) + (main?.endedTicks ?? 0));
  return ticks / TICKS_A_SECOND;
}
