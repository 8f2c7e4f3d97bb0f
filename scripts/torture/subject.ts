import { createConsumer } from '#lib/consumers/consumers.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { withDirect } from '#scripts/servers/place.ts';
import type { TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { lazy } from './lazy.ts';

/** Who changes the password. */
export type By = 'role' | 'rotator';
export const BOTH: readonly By[] = ['role', 'rotator'];

/** A login under Rekey's care whose password the rounds change again and again. */
export interface Subject extends Adopted {
  target: TestTarget;
}

export interface StoredCredential {
  id: string;
  version: number;
  state: string;
  login: Login;
}

let count = 0;

/** Makes a role and puts it under Rekey's care. `port` is where Rekey finds the server, where that is not the server's own. */
export async function makeSubject(target: TestTarget, by: By, port = target.target.direct.port): Promise<Subject> {
  const name = `app_${++count}`;
  const login = await target.createLogin(name);
  const rotator = by === 'rotator' ? await target.createRotator(`${name}_rotator`, login) : undefined;
  const adopted = await adopt({ target: withDirect(target.target, { port: port }), login, ...(rotator && { rotator }) });
  await createConsumer(adopted.context, adopted.projectId, { name: 'Nightly report', kind: 'cron_job' });
  return { ...adopted, target };
}

/** Every version of the password that the store holds, oldest first. */
export async function storedCredentials({ databaseId }: Pick<Subject, 'databaseId'>): Promise<StoredCredential[]> {
  const rows = await db.credential.findMany({ where: { databaseId }, orderBy: { version: 'asc' } });
  return Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      version: row.version,
      state: row.state,
      login: { user: row.loginName, password: (await openCredential(row)).password },
    })),
  );
}

/** A rotation that was asked for, and what was stored before. */
export interface Asked {
  subject: Subject;
  jobId: string;
  before: StoredCredential[];
}

/** A job that a worker was killed in, and its project. */
export interface Abandoned {
  jobId: string;
  subject: Pick<Subject, 'projectId'>;
}

export async function ask(subject: Subject): Promise<Asked> {
  const before = await storedCredentials(subject);
  const { jobId } = await requestRotation(subject.context, subject.projectId, {});
  return { subject, jobId, before };
}

/** One whose password the role changes itself, and one whose password a rotator changes; made when first asked for. */
export const makeBoth = (findTarget: () => Promise<TestTarget>): (() => Promise<Subject[]>) =>
  lazy(async () => {
    const target = await findTarget();
    return Promise.all(BOTH.map((by) => makeSubject(target, by)));
  });

export const askAll = (subjects: Subject[]): Promise<Asked[]> => Promise.all(subjects.map(ask));

export const findJobRotation = ({ jobId }: Pick<Asked, 'jobId'>) => db.rotation.findUniqueOrThrow({ where: { jobId } });

/** Whether the rotation has not come to its end. */
export async function isUnderWay(asked: Pick<Asked, 'jobId'>): Promise<boolean> {
  const { state } = await findJobRotation(asked);
  return state !== 'completed' && state !== 'failed';
}

export async function countUnderWay(all: Asked[]): Promise<number> {
  return (await Promise.all(all.map(isUnderWay))).filter(Boolean).length;
}
