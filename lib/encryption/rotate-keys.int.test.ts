// Values in every sealed column go over to another key: in this process, and by real workers that are killed.
import { afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { checkEncryptionKeys } from '#lib/crypto/check-keys.ts';
import { seal } from '#lib/crypto/envelope.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import { vaultKey } from '#lib/crypto/vault-key.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { REWRAP_FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { valueContext } from '#lib/secrets/secrets.ts';
import { startFakeVault } from '#scripts/testing/fake-vault.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { makeSealedRows, openAll, randomKey, ringOf } from '#scripts/testing/sealed-rows.ts';
import { WorkerYard } from '#scripts/torture/worker-process.ts';
import { requestKeyRotation } from './request-key-rotation.ts';
import { countValues } from './rewrap-column.ts';
import { rotateKeys } from './rotate-keys.ts';
import { SEALED_COLUMNS } from './sealed-columns.ts';
import { showKeys } from './show-keys.ts';

const SECRETS = 300;
/** The key everything is sealed with now; each test hands it on. */
let present = process.env.REKEY_ENCRYPTION_KEY ?? '';
let organizationId: string;
let texts: Map<string, string>;

beforeAll(async () => {
  await checkEncryptionKeys();
  organizationId = await makeSealedRows(SECRETS);
  texts = await openAll(keyRing());
  const columns = [...texts.keys()].map((place) => place.split(' ')[0]);
  expect(new Set(columns)).toEqual(new Set(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)));
});
afterEach(async () => {
  expect(await openAll(ringOf(present))).toEqual(texts);
});

const request = async (ring: KeyRing) => (await requestKeyRotation(systemContext(organizationId), ring)).id;

it('everything opens with the new key alone; the old one may go', async () => {
  const next = randomKey();
  const ring = ringOf(next, present);
  const id = await request(ring);
  await expect(request(ring)).rejects.toMatchObject({ code: 'job_in_progress' });
  await rotateKeys(id, 'wrk_test', ring);
  expect([...(await countValues())]).toEqual([[ring.current.id, texts.size]]);
  expect(await showKeys(systemContext(organizationId), ring)).toMatchObject({
    encryption_keys: [
      { id: ring.current.id, is_current: true, values: texts.size, provider: 'local' },
      { id: ring.keys[1]?.id, is_current: false, is_given: true, values: 0, first_used_at: null },
    ],
    rotation: { id, state: 'completed', rewrapped: texts.size, unreadable: 0 },
  });
  expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'encryption.rotated' } })).toMatchObject({
    metadata: { key_id: ring.current.id, key_rotation_id: id },
  });
  // Boot takes the new one alone from now on, and no longer the old one.
  await checkEncryptionKeys(ringOf(next));
  await expect(checkEncryptionKeys(ringOf(present))).rejects.toThrow('REKEY_ENCRYPTION_KEY is not the key');
  present = next;
});

it('what somebody writes meanwhile stays, what somebody holds is waited for by nobody, and what no key opens is told', async () => {
  const next = randomKey();
  const ring = ringOf(next, present);
  const rows = await db.environmentSecret.findMany({ take: 3, orderBy: { id: 'desc' } });
  const [written, held, broken] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
  const id = await request(ring);
  await db.environmentSecret.update({ where: { id: broken.id }, data: { sealed: written.sealed } });

  // Somebody gives the one another value, still with the old key, after it was read and before it is written.
  const { current } = ring;
  let left = SECRETS;
  const slow: KeyRing = {
    ...ring,
    current: {
      ...current,
      wrap: async (dataKey, context) => {
        if (context.includes(written.id) && left > 0) {
          left = 0;
          const sealed = await seal('another', valueContext({ ...written, version: 2 }), ringOf(present));
          await db.environmentSecret.update({ where: { id: written.id }, data: { sealed, version: 2 } });
        }
        return current.wrap(dataKey, context);
      },
    },
  };
  const { promise: isFree, resolve: letGo } = Promise.withResolvers<void>();
  const holding = db.$transaction(async (tx) => {
    await tx.environmentSecret.update({ where: { id: held.id }, data: { key: held.key } });
    await isFree;
  });
  const rotating = rotateKeys(id, 'wrk_test', slow);
  // All but the held one and the broken one are done, while that transaction is open.
  await expect.poll(async () => (await countValues()).get(current.id), { timeout: 60_000 }).toBe(texts.size - 2);
  letGo();
  await Promise.all([holding, rotating]);
  expect(await db.keyRotation.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'failed',
    unreadable: 1,
    error: expect.stringContaining('1 values'),
  });
  await expect(checkEncryptionKeys(ringOf(next))).rejects.toThrow('REKEY_ENCRYPTION_KEYS_EARLIER lacks a key');

  await db.environmentSecret.update({ where: { id: broken.id }, data: { sealed: broken.sealed } });
  await rotateKeys(await request(ring), 'wrk_test', ring);
  texts.delete(`environment_secrets.sealed ${written.id} v1`);
  texts.set(`environment_secrets.sealed ${written.id} v2`, 'another');
  present = next;
});

it('goes over to a key in Vault that is away for a while, and back', async () => {
  const vault = await startFakeVault();
  onTestFinished(() => vault.stop());
  vault.rotate('rekey');
  const current = vaultKey({ address: vault.url, token: () => vault.token, key: 'rekey', mount: 'transit', namespace: undefined, caPem: undefined });
  const [local] = ringOf(present).keys;
  const there: KeyRing = { setting: 'REKEY_VAULT_KEY', current, keys: [current, local ?? current] };
  const id = await request(there);
  vault.seal(true);
  await rotateKeys(id, 'wrk_test', there);
  expect(await db.keyRotation.findUniqueOrThrow({ where: { id } })).toMatchObject({ finishedAt: null, error: expect.stringContaining('Vault is sealed') });
  vault.seal(false);
  await db.keyRotation.update({ where: { id }, data: { nextAttemptAt: new Date(0) } });
  await rotateKeys(id, 'wrk_test', there);
  expect([...(await countValues()).keys()]).toEqual([current.id]);
  expect(await openAll({ setting: '', current, keys: [current] })).toEqual(texts);
  await checkEncryptionKeys({ setting: 'REKEY_VAULT_KEY', current, keys: [current] });

  const here = { ...there, current: local ?? current };
  await rotateKeys(await request(here), 'wrk_test', here);
  expect(vault.violations).toEqual([]);
});

it('goes on after kill -9, with every value readable throughout', { timeout: 180_000 }, async () => {
  const next = randomKey();
  const ring = ringOf(next, present);
  const settings = { REKEY_ENCRYPTION_KEY: next, REKEY_ENCRYPTION_KEYS_EARLIER: present, REKEY_LOG_LEVEL: 'info' };
  const id = await request(ring);
  let isOver = false;
  const reading = (async () => {
    let looks = 0;
    for (; !isOver; looks++) await openAll(ring);
    return looks;
  })();
  const yard = new WorkerYard(settings);
  onTestFinished(() => yard.killAll());
  for (const failpoint of REWRAP_FAILPOINTS) {
    const doomed = await yard.start({ REKEY_FAILPOINTS: failpoint === 'rewrap.finished' ? failpoint : `${failpoint}:2` });
    await doomed.exited;
    expect(await db.keyRotation.findUniqueOrThrow({ where: { id } })).toMatchObject({ finishedAt: null });
  }
  await yard.start();
  await expect.poll(async () => (await db.keyRotation.findUniqueOrThrow({ where: { id } })).state, { timeout: 60_000 }).toBe('completed');
  isOver = true;
  expect(await reading).toBeGreaterThan(1);
  expect([...(await countValues()).keys()]).toEqual([ring.current.id]);
  present = next;
});

itRecords('encryption.rotation_requested', 'encryption.rotated', 'encryption.rotation_failed');
