// A commit that waits for a synchronous standby which never answers.
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';

let server: TestTarget;
let receiver: pg.Client;
beforeAll(async () => {
  server = await startTarget({ settings: { synchronous_commit: 'local', synchronous_standby_names: 'another' } });
  // Somebody receives the log, and is not the one that a commit waits for.
  receiver = new pg.Client({ connectionString: server.superuserUrl, replication: 'true', application_name: 'receiver' } as pg.ClientConfig);
  receiver.on('error', () => {});
  await receiver.connect();
  const { rows } = await receiver.query('IDENTIFY_SYSTEM');
  void receiver.query(`START_REPLICATION ${rows[0].xlogpos}`).catch(() => {});
});
afterAll(async () => {
  await receiver.end().catch(() => {});
  await server.stop();
});

it('is named if an earlier change of ours holds the role', { timeout: 180_000 }, async () => {
  const login = await server.createLogin('held');
  const change = async (attempt: string) => {
    const operator = await postgres.openOperator(server.target, login, attempt);
    const verifier = await postgres.makeVerifier(generatePassword(), 4096);
    await operator.changePassword({ role: login.user, verifier, attempt, onTransaction: async () => {} }).finally(operator.close);
  };
  await expect(change('rekey:earlier:1')).rejects.toMatchObject({ code: 'timed_out' });
  await expect(change('rekey:later:1')).rejects.toMatchObject({ code: 'standby_missing', transient: true });
});

it('does not keep a rotation from completing', { timeout: 180_000 }, async () => {
  const login = await server.createLogin('waiting');
  const adopted = await adopt({ target: server.target, login });
  const rotation = await rotate(adopted);
  expect(rotation).toMatchObject({ state: 'completed', attempts: 2 });
  expect(stepKinds(rotation)).toContain('recovered');
  expect((await postgres.probe(server.target, 'direct', await storedLogin(adopted))).verdict).toBe('accepted');
});
