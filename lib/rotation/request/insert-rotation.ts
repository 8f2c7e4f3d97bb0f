import type { Database, Prisma } from '#generated/prisma/client.ts';
import type { JobType } from '#generated/prisma/enums.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { DEADLINE_MS, MAX_ATTEMPTS } from '#lib/logins/limits.ts';
import { laneOfLogin } from '#lib/logins/target.ts';

export const newIds = () => ({ jobId: newId('job'), rotationId: newId('rot') });
export type Ids = ReturnType<typeof newIds>;

/** Takes a ready login for which `where` holds for one rotation, by compare-and-set: its row is locked from here on. */
export async function tryTakeLogin(tx: Tx, databaseId: string, jobId: string, where: Prisma.DatabaseWhereInput = {}): Promise<boolean> {
  const data = { state: 'rotating_credentials', latestJobId: jobId } as const;
  return (await tx.database.updateMany({ where: { ...where, id: databaseId, state: 'ready' }, data })).count === 1;
}

interface Asked {
  project: { id: string; organizationId: string; database: Database };
  type: JobType;
  requestedBy: string;
}
type Settings = Omit<Prisma.RotationUncheckedCreateInput, 'id' | 'jobId' | 'organizationId' | 'databaseId' | 'requestedBy' | 'targetKey' | 'deadlineAt'>;

/**
 * Adds a rotation of a login that has been taken, with its job and first step. Its deadline is `notAfter` if that is
 * sooner. Returns the lane in which it runs.
 */
export async function insertRotation(
  tx: Tx,
  { jobId, rotationId }: Ids,
  { project, type, requestedBy }: Asked,
  settings: Settings,
  notAfter?: Date,
): Promise<string> {
  const { organizationId, database } = project;
  const common = { organizationId, databaseId: database.id, requestedBy };
  const times = { targetKey: database.loginKey, deadlineAt: notAfter && notAfter < storeTime(DEADLINE_MS) ? notAfter : storeTime(DEADLINE_MS) };
  await tx.job.create({ data: { id: jobId, ...common, projectId: project.id, type, maxAttempts: MAX_ATTEMPTS } });
  // createMany reads nothing back: each statement saved shortens the wait of the caller.
  await tx.rotation.createMany({ data: { id: rotationId, jobId, ...common, ...times, ...settings } });
  await tx.rotationStep.createMany({ data: { organizationId, rotationId, fence: 0, kind: 'requested', detail: { by: requestedBy } } });
  return laneOfLogin(database);
}
