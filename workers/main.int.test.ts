import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { checkEncryptionKeys } from '#lib/crypto/check-keys.ts';
import { db } from '#lib/kernel/db.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { startFakeVault } from '#scripts/testing/fake-vault.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';

const random = () => randomBytes(32).toString('base64');

/** What a start with these variables ends with. */
async function failToStart(changes: Record<string, string | undefined>): Promise<{ code: number | null; output: string }> {
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info', ...changes });
  const code = await worker.exited;
  return { code, output: worker.output() };
}

it.each<[string, Record<string, string | undefined>, string]>([
  ['no encryption key', { REKEY_ENCRYPTION_KEY: undefined }, 'REKEY_ENCRYPTION_KEY is missing'],
  ['a placeholder', { REKEY_ENCRYPTION_KEY: Buffer.from('change-me-change-me-change-me-ok').toString('base64') }, 'REKEY_ENCRYPTION_KEY is a placeholder'],
  ['no database', { DATABASE_URL: undefined }, 'DATABASE_URL is missing'],
])('does not start with %s, and names it', async (_, changes, line) => {
  const { code, output } = await failToStart(changes);
  expect(code).not.toBe(0);
  expect(output).toContain(line);
  expect(output).not.toContain('worker ready');
});

it('does not start with another key than the database was sealed with, nor change it; the right one goes on', async () => {
  await checkEncryptionKeys();
  const before = await db.encryptionKey.findMany();
  const wrong = random();
  const { code, output } = await failToStart({ REKEY_ENCRYPTION_KEY: wrong });
  expect(code).not.toBe(0);
  expect(output).toContain('REKEY_ENCRYPTION_KEY is not the key this database was encrypted with');
  expect(output).not.toContain(wrong);
  expect(await db.encryptionKey.findMany()).toEqual(before);
  expect(await db.worker.count()).toBe(0);
  await checkEncryptionKeys();
});

it('does not start while the Vault that has the key is sealed, and says so; afterwards it does, with the former key beside', async () => {
  await checkEncryptionKeys();
  const vault = await startFakeVault();
  vault.rotate('rekey');
  const settings = { REKEY_VAULT_KEY: 'rekey', VAULT_ADDR: vault.url, VAULT_TOKEN: vault.token };
  vault.seal(true);
  const { code, output } = await failToStart(settings);
  expect(code).not.toBe(0);
  expect(output).toContain('Rekey cannot start: Vault is sealed');
  expect(output).not.toContain(vault.token);
  vault.seal(false);
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info', ...settings });
  await worker.ready;
  await worker.stop();
  expect(await db.encryptionKey.count()).toBe(2);
  await db.encryptionKey.deleteMany({ where: { provider: 'vault' } });
  await vault.stop();
});

it('does not start on a store without its migrations, and names the command', async () => {
  await db.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0021_daily_check'`;
  const { code, output } = await failToStart({});
  expect(code).not.toBe(0);
  expect(output).toContain('Rekey cannot start: the store lacks the migration 0021_daily_check. Nothing was changed. Run `npm start` once');
  expect(await db.worker.count()).toBe(0);
  await db.$executeRaw`UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL`;

  const empty = `empty_${randomBytes(4).toString('hex')}`;
  await db.$executeRawUnsafe(`CREATE DATABASE ${empty}`);
  const onEmpty = await failToStart({ DATABASE_URL: Object.assign(new URL(process.env.DATABASE_URL ?? ''), { pathname: `/${empty}` }).href });
  expect(onEmpty.code).not.toBe(0);
  expect(onEmpty.output).toMatch(/the store lacks \d+ migrations/);
  await db.$executeRawUnsafe(`DROP DATABASE ${empty}`);
});

it('starts with the right one, and leaves no trace of itself when it is told to stop', async () => {
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
  expect(await db.worker.count()).toBe(1);
  await worker.stop();
  expect(await worker.exited).toBe(0);
  expect(await db.worker.count()).toBe(0);
});

it('answers on its own port whether it is ready, for the health check that deploy/ uses', { timeout: 180_000 }, async () => {
  const port = String(await freePort());
  const check = () =>
    promisify(execFile)(process.execPath, ['deploy/wait-until-healthy.mjs', '1', 'worker'], { env: { ...process.env, REKEY_WORKER_PORT: port } });
  await expect(check()).rejects.toMatchObject({ stderr: expect.stringContaining('The worker is not healthy after 1 s: ECONNREFUSED') });
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info', REKEY_WORKER_PORT: port });
  await worker.ready;
  await check();
  await db.$executeRaw`ALTER TABLE workers RENAME TO workers_elsewhere`;
  const probe = () => fetch(`http://127.0.0.1:${port}/`).then(async (response) => `${response.status} ${await response.text()}`);
  try {
    await expect.poll(probe, { timeout: 60_000, interval: 500 }).toContain('503 The database has taken no heartbeat of this worker for 15 s.');
  } finally {
    await db.$executeRaw`ALTER TABLE workers_elsewhere RENAME TO workers`;
  }
  await expect.poll(probe, { timeout: 60_000, interval: 500 }).toBe('200 ready\n');
  await worker.stop();
});
