import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { FILE_ROWS } from './file-rows.ts';
import { playFileRow } from './play-file-row.ts';

let server: MariadbTarget;
let dir: string;
beforeAll(async () => {
  server = await startMariadbTarget();
});
afterAll(() => server.stop());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-files-'));
  return () => rmSync(dir, { recursive: true });
});

describe('files with a site’s password', () => {
  it.each(FILE_ROWS.map((row) => [row.kind, row.code ?? 'written', row] as const))('%s: %s', async (_kind, _code, row) => {
    await playFileRow(row, server, dir);
  });
});
