import { afterAll, describe, it, vi } from 'vitest';
import { MYSQL_ROWS, stopMysqlRows } from './mysql-rows.ts';
import { playRow } from './play-row.ts';

vi.hoisted(() => {
  process.env.REKEY_POOLER_RETRY_MS = '50,100';
  process.env.REKEY_BACKOFF_MS = '1';
});

afterAll(stopMysqlRows);

describe('MariaDB and its proxies', { timeout: 120_000 }, () => {
  it.each(MYSQL_ROWS.map((row) => [row.kind, row.does, row] as const))('%s: %s', async (_kind, _does, row) => {
    await playRow(row);
  });
});
