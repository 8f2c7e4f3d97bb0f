// Drives rotations in a test as workers would, without waiting for the clock: what is not due yet is made due.

import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request/request-rotation.ts';
import type { Adopted } from './adopt.ts';

const WORKER = 'wrk_test';

export const readRotation = (id: string) =>
  db.rotation.findUniqueOrThrow({
    where: { id },
    include: { job: true, database: true, fromCredential: true, toCredential: true, steps: { orderBy: { id: 'asc' } } },
  });
export type DrivenRotation = Awaited<ReturnType<typeof readRotation>>;

/** Asks for a rotation; nobody works on it. */
export async function request({ context, projectId }: Adopted, body: RotationWish = {}): Promise<string> {
  const { jobId } = await requestRotation(context, projectId, body);
  return (await db.rotation.findUniqueOrThrow({ where: { jobId } })).id;
}

/** One attempt, as if the time until the next one had passed: the deadline comes nearer by it, and failed logins count no more. */
export async function attempt(id: string): Promise<DrivenRotation> {
  const { nextAttemptAt, deadlineAt } = await db.rotation.findUniqueOrThrow({ where: { id } });
  const waitMs = Math.max(0, nextAttemptAt.getTime() - Date.now());
  await db.rotation.update({ where: { id }, data: { nextAttemptAt: new Date(0), deadlineAt: new Date(deadlineAt.getTime() - waitMs) } });
  await db.failedLogins.deleteMany();
  await advanceRotation(id, WORKER);
  return readRotation(id);
}

/** Attempt after attempt until the rotation has ended or it is not known which password works. */
export async function attemptAll(id: string): Promise<DrivenRotation> {
  for (let tries = 0; tries < 60; tries++) {
    const row = await attempt(id);
    if (['completed', 'failed', 'needs_attention'].includes(row.state)) return row;
  }
  throw new Error('The rotation comes to no end.');
}

/** Asks for a rotation and drives it. */
export const rotate = async (adopted: Adopted, body: RotationWish = {}): Promise<DrivenRotation> => attemptAll(await request(adopted, body));

/** The login in the URL that Rekey gives out. */
export async function storedLogin({ databaseId }: Adopted): Promise<Login> {
  const credential = await db.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } });
  return { user: credential.loginName, password: (await openCredential(credential)).password };
}

export const stepKinds = ({ steps }: DrivenRotation): string[] => steps.map(({ kind }) => kind);
