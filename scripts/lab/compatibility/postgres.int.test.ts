import { afterAll, describe, it, vi } from 'vitest';
import { playRow } from './play-row.ts';
import { POSTGRES_ROWS, stopPostgresRows } from './postgres-rows.ts';

vi.hoisted(() => {
  process.env.REKEY_POOLER_RETRY_MS = '5,10';
  process.env.REKEY_BACKOFF_MS = '1';
});

afterAll(stopPostgresRows);

describe('PostgreSQL and its poolers', { timeout: 120_000 }, () => {
  it.each(POSTGRES_ROWS.map((row) => [row.kind, row.does, row] as const))('%s: %s', async (_kind, _does, row) => {
    await playRow(row);
  });
});
