import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MARIADB_ADMIN, type Mariadb, startMariadb } from './mariadb.ts';
import { startMariadbTarget } from './mariadb-target.ts';
import { identifyProcess } from './process-identity.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-mariadb-'));
  chmodSync(dir, 0o755);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const connect = ({ port, password }: Mariadb, user = MARIADB_ADMIN) =>
  mysql.createConnection({ host: '127.0.0.1', port, user, password: user === MARIADB_ADMIN ? password.reveal() : '' });

test('a server left over on the same folder is stopped by the next start, which keeps its data', async () => {
  const first = await startMariadb({ dir });
  const before = await connect(first);
  before.on('error', () => {});
  await before.query('CREATE DATABASE kept');
  const began = performance.now();
  const second = await startMariadb({ dir });
  // In order: one that did not end would be killed after 15 s.
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(identifyProcess(first.child.pid ?? 0)).toBeUndefined();
  const after = await connect(second);
  expect((await after.query("SHOW DATABASES LIKE 'kept'"))[0]).toHaveLength(1);
  await after.end();
  await second.stop();
});

test('nobody logs in without a password', async () => {
  const server = await startMariadb({ dir });
  await expect(connect(server, 'root')).rejects.toMatchObject({ errno: 1045 });
  await server.stop();
});

test('a target keeps what it was asked, in its logs, and survives a crash', async () => {
  const target = await startMariadbTarget();
  const login = await target.createLogin('app');
  await target.down('crash');
  await target.start();
  const connection = await target.connect(login);
  expect((await connection.query('SELECT CURRENT_USER() AS name'))[0]).toEqual([{ name: 'app@%' }]);
  await connection.end();
  expect(target.log()).toContain('SELECT CURRENT_USER() AS name');
  expect(target.log()).not.toContain(login.password.reveal());
  await target.stop();
});
