import { beforeAll, expect, it } from 'vitest';
import type { RotationKind, RotationState } from '#generated/prisma/enums.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { countWeekly } from './count-weekly.ts';

const target = NOWHERE;
const WEEK_MS = 7 * 86_400_000;

let shop: Adopted;
let blog: Adopted;
let monday: number;

/** A rotation that ended then, in milliseconds since the epoch. */
async function addEnded({ context, projectId, databaseId }: Adopted, at: number, state: RotationState = 'completed', kind: RotationKind = 'rotate') {
  const { organizationId } = context;
  const { id: fromCredentialId } = await db.credential.findFirstOrThrow({ where: { databaseId } });
  const [id, jobId] = [newId('rot'), newId('job')];
  const end = new Date(at);
  await db.job.create({ data: { id: jobId, organizationId, databaseId, projectId, type: 'rotate_credentials', maxAttempts: 4, requestedBy: 'test' } });
  const dates = { createdAt: end, deadlineAt: end, finishedAt: end };
  await db.rotation.create({ data: { id, organizationId, databaseId, jobId, targetKey: id, fromCredentialId, requestedBy: 'test', state, kind, ...dates } });
}

beforeAll(async () => {
  shop = await adopt({ target, login: { user: 'shop', password: generatePassword() } });
  blog = await adopt({ target, login: { user: 'blog', password: generatePassword() }, organizationId: shop.context.organizationId });
  const other = await adopt({ target, login: { user: 'other', password: generatePassword() } });
  const today = new Date();
  monday = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - ((today.getUTCDay() + 6) % 7));
  await addEnded(shop, monday);
  await addEnded(shop, monday - 1, 'failed');
  await addEnded(blog, monday - 1);
  await addEnded(shop, monday - 11 * WEEK_MS);
  await addEnded(shop, monday - 11 * WEEK_MS - 1);
  await addEnded(shop, monday, 'completed', 'retire');
  await addEnded(other, monday);
});

const endedIn = async (context: Context) => (await countWeekly(context)).map(({ completed, failed }) => [completed, failed]);
const noneFor = (weeks: number) => Array.from({ length: weeks }, () => [0, 0]);

it('counts ended rotations in twelve UTC weeks, Monday to Monday, the current one last', async () => {
  const weeks = await countWeekly(shop.context);
  expect(weeks.map(({ starts_at: at }) => Date.parse(at))).toEqual(Array.from({ length: 12 }, (_, i) => monday - (11 - i) * WEEK_MS));
  expect(await endedIn(shop.context)).toEqual([[1, 0], ...noneFor(9), [1, 1], [1, 0]]);
});

it("counts only the rotations of a restricted member's projects", async () => {
  const restricted = (projectIds: string[]): Context => ({
    ...shop.context,
    actor: {
      kind: 'user',
      id: 'usr_1',
      name: 'viewer@example.com',
      role: 'viewer',
      projectIds,
      sessionId: 'ses_1',
      authenticatedAt: new Date(),
      isFresh: true,
    },
  });
  expect(await endedIn(restricted([blog.projectId]))).toEqual([...noneFor(10), [1, 0], [0, 0]]);
  expect(await endedIn(restricted([]))).toEqual(noneFor(12));
});
