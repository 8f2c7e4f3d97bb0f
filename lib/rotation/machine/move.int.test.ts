import { expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { StepFailure } from '#lib/logins/failures.ts';
import { LEASE_MS } from '#lib/logins/limits.ts';
import { ClaimLost } from '#lib/queue/claim.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { request } from '#scripts/testing/drive-rotation.ts';
import { loadClaimed } from './attempt.ts';
import { claimRotation } from './claim.ts';
import { moveRotation } from './move.ts';
import { fail } from './settle.ts';

async function claimNew(user: string) {
  const target = NOWHERE;
  const adopted = await adopt({ target, login: { user, password: generatePassword() } });
  const id = await request(adopted);
  const { fence } = (await claimRotation(id, 'wrk_one'))!;
  return { id, adopted, claimed: await loadClaimed(db, id, fence) };
}

const all = (id: string) => db.rotation.findUniqueOrThrow({ where: { id }, include: { steps: true, job: true, database: { include: { credentials: true } } } });

it('renews the claim of the worker that moves it', async () => {
  const { id, claimed } = await claimNew('renewed');
  await db.$executeRaw`UPDATE rotations SET lease_until = now() + interval '1 second' WHERE id = ${id}`;
  await moveRotation(claimed, { to: 'requested', data: { sessionsBefore: 1 } });
  expect((await all(id)).leaseUntil!.getTime()).toBeGreaterThan(Date.now() + LEASE_MS / 2);
});

it('writes nothing for a worker whose claim was taken over', async () => {
  const { id, claimed } = await claimNew('stale');
  // The first stands still past its lease.
  await db.$executeRaw`UPDATE rotations SET lease_until = now() - interval '1 second', next_attempt_at = now() WHERE id = ${id}`;
  expect(await claimRotation(id, 'wrk_two')).toEqual({ fence: 2 });
  const before = await all(id);
  await expect(moveRotation(claimed, { to: 'staged', steps: [{ kind: 'staged' }] })).rejects.toThrow(ClaimLost);
  await expect(fail(claimed, new StepFailure('read_only', false))).rejects.toThrow(ClaimLost);
  expect(await all(id)).toEqual(before);
});

it('writes nothing into a rotation that has moved on', async () => {
  const { id, claimed } = await claimNew('gone_on');
  await db.rotation.update({ where: { id }, data: { state: 'failed' } });
  const before = await all(id);
  await expect(moveRotation(claimed, { to: 'staged', steps: [{ kind: 'staged' }] })).rejects.toThrow(ClaimLost);
  expect(await all(id)).toEqual(before);
});

it('refuses moves that are not in the table of states', async () => {
  const { id, claimed } = await claimNew('forbidden');
  await expect(moveRotation(claimed, { to: 'completed' })).rejects.toThrow('may not move from requested to completed');
  expect(await all(id)).toMatchObject({ state: 'requested' });
});
