import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import mysql2 from 'mysql2/promise';
import { expect } from 'vitest';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { WP_CONFIG_FAILURES } from '#lib/contract/wp-config-failures.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { withPassword } from '#lib/wp-config/find-password.ts';
import type { MariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { memberHeaders } from '#scripts/testing/call-api.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import type { FileRow } from './file-rows.ts';
import { expectNoAbsentNames } from './told.ts';

/** The password that the file's own reader finds: PHP, or a loader of variables. */
function readBy(path: string): string {
  if (basename(path).startsWith('.env')) return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')).DB_PASSWORD ?? '';
  const code = 'ob_start(); require $argv[1]; ob_end_clean(); fwrite(STDOUT, DB_PASSWORD);';
  return execFileSync('php', ['-n', '-d', 'display_errors=0', '-r', code, path], { encoding: 'utf8' });
}

/**
 * Rotates the login of a site whose password is in a file, and expects what the row says, and what every row promises:
 * what the file's own reader finds logs in, every other byte there is as it was, and no text names what is not there.
 */
export async function playFileRow(
  { code, text, name = 'wp-config.php', password = 'before', others = {}, folder }: FileRow,
  server: MariadbTarget,
  dir: string,
) {
  // PHP may be asked as a user who has no other right.
  chmodSync(dir, 0o755);
  const home = join(dir, 'releases', '1');
  mkdirSync(home, { recursive: true });
  if (folder) symlinkSync(home, join(dir, folder));
  const path = join(folder ? join(dir, folder) : home, name);
  const content = Buffer.isBuffer(text) ? text : Buffer.from(text);
  writeFileSync(path, content);
  for (const [other, more] of Object.entries(others)) {
    mkdirSync(dirname(join(home, other)), { recursive: true });
    writeFileSync(join(home, other), more);
  }
  const login = await server.createLogin(newId('usr').toLowerCase(), { password });
  const { direct } = server.target;
  const opens = (as: string) =>
    mysql2.createConnection({ host: direct.host, port: direct.port, user: login.user, password: as, database: direct.database }).then(
      (connection) => connection.end().then(() => true),
      () => false,
    );
  const adopted = await adopt({ engine: 'mysql', target: server.target, login });
  const { organizationId } = adopted.context;
  const site = { organizationId, projectId: adopted.projectId, partnerCustomerId: 'c', wpConfigPath: path };
  const { id } = await db.site.create({ data: { id: newId('sit'), ...site } });
  const { jobId } = await requestVerification(adopted.context, adopted.projectId);
  await verifyConnection(jobId, 'wrk_compatibility');
  expect(await db.site.findUniqueOrThrow({ where: { id } }), 'what the check says').toMatchObject({ wpConfigError: code });
  expect(readFileSync(path)).toEqual(content);
  const rotation = await rotate(adopted);
  const stored = (await storedLogin(adopted)).password.reveal();
  if (code === null) {
    expect(rotation).toMatchObject({ state: 'completed', errorCode: null });
    expect(readBy(path)).toBe(stored);
    expect([await opens(stored), await opens(password)]).toEqual([true, false]);
    expect(withPassword(path, readFileSync(path), password)).toEqual(withPassword(path, content, password));
  } else {
    expect(rotation).toMatchObject({ state: 'failed', errorCode: code, job: { error: WP_CONFIG_FAILURES[code] }, database: { state: 'ready' } });
    expect(readFileSync(path)).toEqual(content);
    expect([stored, await opens(password)]).toEqual([password, true]);
  }
  for (const [other, more] of Object.entries(others)) expect(readFileSync(join(home, other), 'utf8')).toBe(more);
  const headers = await memberHeaders(organizationId, 'owner');
  await expectNoAbsentNames(adopted.projectId, headers, { engine: 'mysql', hasPooler: false, hasRotator: false, hasFile: true });
}
