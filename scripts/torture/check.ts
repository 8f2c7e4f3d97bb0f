import { db } from '#lib/kernel/db.ts';
import { type Asked, storedCredentials } from './subject.ts';
import { type Endpoint, tryLogin } from './try-login.ts';
import { TimeoutError, until } from './until.ts';

/** What a round must never show. */
export type Fault = 'lockout' | 'stuck' | 'fault';

export class RoundFault extends Error {
  override readonly name = 'RoundFault';
  readonly fault: Fault;

  constructor(fault: Fault, message: string) {
    super(message);
    this.fault = fault;
  }
}

export type Ending = 'completed' | 'failed';

/** Right after a crash: one of the passwords that are stored logs in, whatever their states say. */
export async function checkHeld({ subject }: Asked): Promise<void> {
  const answers = await Promise.all((await storedCredentials(subject)).map(({ login }) => tryLogin(subject.target, login, 'direct')));
  if (!answers.includes('accepted')) throw new RoundFault('lockout', 'no stored password logs in');
}

/** Waits until the rotation has ended and the login is ready. Throws RoundFault `stuck`. */
export async function waitForEnd({ jobId }: Pick<Asked, 'jobId'>, timeoutMs = 40_000): Promise<Ending> {
  const read = () => db.rotation.findUniqueOrThrow({ where: { jobId }, include: { job: true, database: true } });
  let last: Awaited<ReturnType<typeof read>> | undefined;
  try {
    await until(
      'the rotation to end',
      async () => {
        last = await read();
        return ['completed', 'failed'].includes(last.state);
      },
      { timeoutMs, everyMs: 50 },
    );
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new RoundFault('stuck', `the rotation stays ${last?.state} (${last?.errorCode}, attempt ${last?.fence})`);
  }
  if (last?.database.state !== 'ready') throw new RoundFault('stuck', `the login stays ${last?.database.state}`);
  if (last.job.state !== last.state) throw new RoundFault('fault', `the job is ${last.job.state}, its rotation ${last.state}`);
  return last.state as Ending;
}

/** The end of a round, told by passwords, logins and who is to be told. */
export async function checkEnd({ subject, jobId, before }: Asked, ending: Ending): Promise<void> {
  const endpoints: Endpoint[] = subject.target.pooler ? ['direct', 'pooled'] : ['direct'];
  const after = await storedCredentials(subject);
  const [current, ...others] = after.filter(({ state }) => state === 'current');
  if (!current || others.length > 0) throw new RoundFault('fault', `${others.length + (current ? 1 : 0)} credentials are current`);
  for (const endpoint of endpoints) {
    if ((await tryLogin(subject.target, current.login, endpoint)) !== 'accepted')
      throw new RoundFault('lockout', `the stored password is refused (${endpoint})`);
  }
  if (after.some(({ state }) => state === 'staged' || state === 'retiring')) throw new RoundFault('fault', 'a credential is left half-way');

  const tasks = await db.consumerTask.count({ where: { rotation: { jobId } } });
  if (tasks !== (ending === 'completed' ? 1 : 0)) throw new RoundFault('fault', `${ending}, with ${tasks} tasks for one consumer`);

  const old = before.find(({ state }) => state === 'current');
  const generated = after.length - before.length;
  if (generated > 1) throw new RoundFault('fault', `${generated} passwords were generated`);
  if (ending === 'failed') {
    if (current.id !== old?.id) throw new RoundFault('fault', 'failed, yet another password is current');
    return;
  }
  if (generated !== 1 || current.id !== after.at(-1)?.id) throw new RoundFault('fault', `completed with version ${current.version}`);
  for (const endpoint of endpoints) {
    if (old && (await tryLogin(subject.target, old.login, endpoint)) !== 'refused')
      throw new RoundFault('fault', `the old password still logs in (${endpoint})`);
  }
}

/** Waits for the end and checks it. */
export async function settle(asked: Asked, timeoutMs?: number): Promise<Ending> {
  const ending = await waitForEnd(asked, timeoutMs);
  await checkEnd(asked, ending);
  return ending;
}

export const settleAll = (all: Asked[]): Promise<Ending[]> => Promise.all(all.map((asked) => settle(asked)));
