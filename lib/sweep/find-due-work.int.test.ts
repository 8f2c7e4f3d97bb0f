import { afterEach, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { claimRotation } from '#lib/rotation/machine/claim.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { NOWHERE, withDirect } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { findDueWork } from './find-due-work.ts';

const MANY = 1_200;
const US = 'wrk_us';

afterEach(() => db.rotation.deleteMany());

async function adoptOn(host: string, user: string): Promise<Adopted> {
  return adopt({ target: withDirect(NOWHERE, { host }), login: { user, password: generatePassword() } });
}

async function request({ context, projectId }: Adopted): Promise<string> {
  const { jobId } = await requestRotation(context, projectId, {});
  return (await db.rotation.findUniqueOrThrow({ where: { jobId } })).id;
}

/** Copies a rotation with its job, as if so many roles of its server were rotated. */
async function multiply(id: string, times: number): Promise<string[]> {
  const { job, ...rotation } = await db.rotation.findUniqueOrThrow({ where: { id }, include: { job: true } });
  const nth = Array.from({ length: times }, (_, n) => `${id}_${n}`);
  await db.job.createMany({ data: nth.map((copy) => ({ ...job, id: copy })) });
  await db.rotation.createMany({ data: nth.map((copy) => ({ ...rotation, proofs: {}, id: copy, jobId: copy, targetKey: `${rotation.targetKey}_${copy}` })) });
  return nth;
}

/** As if the wait that a claim sets were over. */
const makeDue = (id: string) => db.rotation.update({ where: { id }, data: { nextAttemptAt: new Date(0) } });

it('finds a new rotation behind more than a thousand that the worker already runs', async () => {
  const dead = await request(await adoptOn('dead.invalid', 'app'));
  const many = [dead, ...(await multiply(dead, MANY))];
  const healthy = await request(await adoptOn('healthy.invalid', 'app'));
  const idsOf = async (inHand: string[]) => (await findDueWork(US, inHand)).rotations.map(({ id }) => id);

  expect(await idsOf([])).not.toContain(healthy);
  expect(await idsOf(many)).toEqual([healthy]);
  // A claim whose release was lost is the worker's own to take again, once it has it in hand no more and its wait is over.
  expect(await claimRotation(healthy, US)).toEqual({ fence: 1 });
  expect(await idsOf(many)).toEqual([]);
  await makeDue(healthy);
  expect(await idsOf(many)).toEqual([healthy]);
  expect(await idsOf([...many, healthy])).toEqual([]);
});

it("leaves another live worker's rotations alone", async () => {
  const id = await request(await adoptOn('held.invalid', 'app'));
  await claimRotation(id, 'wrk_dead');
  await makeDue(id);
  const isDue = async () => (await findDueWork(US)).rotations.some((item) => item.id === id);
  expect(await isDue()).toBe(true);
  const lockKey = 4711;
  await db.worker.create({ data: { id: 'wrk_dead', lockKey, host: 'here' } });
  await db.$transaction(async (tx) => {
    // As its connection does while it lives; see lib/queue/worker-presence.ts.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(1380272985, ${lockKey}::int)::text`;
    expect(await isDue()).toBe(false);
    expect(await claimRotation(id, US)).toBe(null);
  });
  expect(await claimRotation(id, US)).toEqual({ fence: 2 });
});
