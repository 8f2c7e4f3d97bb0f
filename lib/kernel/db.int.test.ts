import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '#scripts/run-tool.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { until } from '#scripts/torture/until.ts';
import { db } from './db.ts';

/** Writes to a row and falls asleep before it commits. */
const SLEEPER = `
  const { db } = await import('#lib/kernel/db.ts');
  await db.$transaction(async (tx) => {
    await tx.$executeRaw\`UPDATE organizations SET name = 'asleep'\`;
    process.kill(process.pid, 'SIGSTOP');
  });`;

it('a process that is frozen within a transaction keeps nobody waiting for ever', async () => {
  const id = await makeOrganization();
  const sleeper = spawn(process.execPath, ['--input-type=module', '-e', SLEEPER], { cwd: root, env: { ...process.env, REKEY_TRANSACTION_MS: '500' } });
  onTestFinished(() => void sleeper.kill('SIGKILL'));
  const isHeld = async () => (await db.$queryRaw<unknown[]>`SELECT FROM organizations WHERE id = ${id} FOR UPDATE SKIP LOCKED`).length === 0;
  await until('the row to be held', isHeld, { everyMs: 5 });
  await db.organization.update({ where: { id }, data: { name: 'awake' } });
  expect(await db.organization.findUnique({ where: { id } })).toMatchObject({ name: 'awake' });
  expect(sleeper.exitCode).toBeNull();
});
