// What a soak must show at its end, told by logins, by what receivers were told, and by the servers' own logs.
import pLimit from 'p-limit';
import { verifyAuditTrail } from '#lib/audit/verify.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { RoundFault } from '#scripts/torture/check.ts';
import { settleSyncs } from '#scripts/torture/connected.ts';
import { type StoredCredential, storedCredentials } from '#scripts/torture/subject.ts';
import { tryLogin } from '#scripts/torture/try-login.ts';
import { TimeoutError, until } from '#scripts/torture/until.ts';
import { CLOCKS_MS } from './faults.ts';
import type { SoakLogin, Stage } from './stage.ts';

/** Older ones have been tried by their own rotation. */
const OLD_ONES = 3;
const MAX_SKEW_MS = Math.max(...CLOCKS_MS.map(Math.abs));
/** Failed logins beyond what rotations make by design, for each login and quarter of an hour. */
const SPARE_FAILED_LOGINS = 3;

export interface Verdict {
  rotations: number;
  completed: number;
  failedBy: Record<string, number>;
  lockouts: string[];
  stuck: string[];
  lost: string[];
  stale: string[];
  other: string[];
  /** The most failed logins of one login, beyond two for each endpoint and rotation. */
  mostFailedLogins: number;
  mayFailLogins: number;
  isWhole: boolean;
}

/** Waits until everything that was begun has ended. Returns what has not. */
export async function settleAll(timeoutMs: number): Promise<string[]> {
  const open = async () => {
    const [databases, rotations, jobs, deployments, deliveries] = await Promise.all([
      db.database.findMany({ where: { state: { not: 'ready' } }, select: { roleName: true, state: true, lastError: true } }),
      db.rotation.findMany({ where: { finishedAt: null }, select: { id: true, state: true, errorCode: true, fence: true } }),
      db.job.findMany({ where: { state: { in: ['queued', 'running'] } }, select: { id: true, type: true, attempts: true } }),
      db.deployment.findMany({ where: { finishedAt: null }, select: { id: true, state: true } }),
      db.delivery.findMany({ where: { state: 'pending' }, select: { id: true, attempts: true, lastError: true }, take: 20 }),
    ]);
    return [databases, rotations, jobs, deployments, deliveries].flat().map((row) => JSON.stringify(row));
  };
  let left: string[] = [];
  try {
    await until(
      'everything to end',
      async () => {
        // What waits for hours by design is due now.
        await db.delivery.updateMany({ where: { state: 'pending', nextAttemptAt: { gt: new Date() } }, data: { nextAttemptAt: new Date() } });
        left = await open();
        return left.length === 0;
      },
      { timeoutMs, everyMs: 1_000 },
    );
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    if (error.cause) left.push(String(error.cause));
  }
  return left;
}

/** Reads the failed logins first: what comes then makes more. */
export async function judge(stage: Stage, minutes: number): Promise<Verdict> {
  const mostFailedLogins = await countFailedLogins(stage);
  const rotations = await db.rotation.findMany({ where: { kind: 'rotate' }, include: { job: true } });
  const failedBy: Record<string, number> = {};
  for (const { state, errorCode } of rotations) if (state !== 'completed') failedBy[errorCode ?? state] = (failedBy[errorCode ?? state] ?? 0) + 1;
  const verdict: Verdict = {
    rotations: rotations.length,
    completed: rotations.filter(({ state }) => state === 'completed').length,
    failedBy,
    lockouts: [],
    stuck: [],
    lost: [],
    stale: [],
    other: [],
    mostFailedLogins,
    mayFailLogins: SPARE_FAILED_LOGINS * Math.ceil(minutes / 15),
    isWhole: (await verifyAuditTrail(stage.organizationId)).is_whole === true,
  };
  for (const { job } of rotations) {
    const type = job.state === 'completed' ? 'credentials.rotated' : 'job.failed';
    if (!stage.hearer.wasTold(type, job.id)) verdict.lost.push(`${type} of ${job.id}`);
  }
  if (stage.hearer.forged() > 0) verdict.other.push(`${stage.hearer.forged()} deliveries whose signature did not fit`);
  const limit = pLimit(4);
  await Promise.all(stage.logins.map((login) => limit(() => judgeLogin(stage, login, verdict))));
  for (const { login, everywhere } of stage.connected) {
    await settleSyncs({ subject: { ...login, target: stage.pooled }, everywhere, fakes: stage.fakes }).catch((error: unknown) => {
      if (!(error instanceof RoundFault)) throw error;
      verdict[error.fault === 'stuck' ? 'stuck' : 'lost'].push(`sync of ${login.user}: ${error.message}`);
    });
  }
  return verdict;
}

type Answer = 'accepted' | 'refused';

/** What the driver alone says of one password, wherever logins come in. */
async function ask({ direct, pooled, mariadb }: Stage, { place }: SoakLogin, login: Login): Promise<Answer[]> {
  switch (place) {
    case 'postgresql-18':
      return [await tryLogin(direct, login, 'direct')];
    case 'postgresql-15':
      return Promise.all([tryLogin(pooled, login, 'direct'), tryLogin(pooled, login, 'pooled')]);
    case 'mariadb':
      try {
        await (await mariadb.connect(login)).end();
        return ['accepted'];
      } catch (error) {
        if ((error as { errno?: number }).errno !== 1045) throw error;
        return ['refused'];
      }
  }
}

async function judgeLogin(stage: Stage, login: SoakLogin, verdict: Verdict): Promise<void> {
  const stored = await storedCredentials(login);
  const current = stored.filter(({ state }) => state === 'current');
  if (current.length !== 1) verdict.stale.push(`${login.user} has ${current.length} current credentials`);
  if (stored.some(({ state }) => state === 'staged')) verdict.stuck.push(`${login.user} has a staged credential`);
  const isWanted = ({ state }: StoredCredential): Answer => (state === 'current' || state === 'retiring' ? 'accepted' : 'refused');
  const old = stored.filter(({ state }) => state === 'retired').slice(-OLD_ONES);
  for (const one of [...current, ...stored.filter(({ state }) => state === 'retiring'), ...old]) {
    const answers = await ask(stage, login, one.login);
    if (answers.every((answer) => answer === isWanted(one))) continue;
    const what = `${login.user} v${one.version}, ${one.state}: ${answers.join(', ')}`;
    if (isWanted(one) === 'accepted') verdict.lockouts.push(what);
    else verdict.stale.push(what);
  }
  await judgeTimes(login, verdict);
}

/** A later version was changed, proven and finished later; by the server's clock, and by ours as far as clocks were off. */
async function judgeTimes({ databaseId, user }: SoakLogin, verdict: Verdict): Promise<void> {
  const rotations = await db.rotation.findMany({
    where: { databaseId, kind: 'rotate', state: 'completed' },
    include: { toCredential: true },
    orderBy: { toCredential: { version: 'asc' } },
  });
  for (const [index, later] of rotations.entries()) {
    const earlier = rotations[index - 1];
    if (!earlier) continue;
    const goesBack = (a: Date | null | undefined, b: Date | null | undefined, spareMs: number) => !!a && !!b && b.getTime() < a.getTime() - spareMs;
    const version = later.toCredential?.version;
    if (goesBack(earlier.changedAt, later.changedAt, 0)) verdict.stale.push(`${user} v${version} was changed before the version before`);
    if (goesBack(earlier.toCredential?.directProvenAt, later.toCredential?.directProvenAt, 2 * MAX_SKEW_MS))
      verdict.stale.push(`${user} v${version} was proven before the version before`);
  }
}

/** Of PostgreSQL, of PgBouncer and of MariaDB. */
const FAILED_LOGINS = [
  /password authentication failed for user "(app_\d+)"/g,
  /\/(app_\d+)@\S+ closing because: (?:SASL|password) authentication failed/g,
  /Access denied for user '(app_\d+)'@/g,
];

/** The most failed logins of one login on one server, beyond the two that each rotation makes at each endpoint: the old password and a random wrong one. */
async function countFailedLogins({ direct, pooled, mariadb, logins }: Stage): Promise<number> {
  const counts = new Map<string, number>();
  for (const text of [direct.log(), pooled.log(), mariadb.log()]) {
    for (const pattern of FAILED_LOGINS) for (const [, user = ''] of text.matchAll(pattern)) counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  const extra = await Promise.all(
    logins.map(async ({ databaseId, user, place }) => {
      const rotations = await db.rotation.count({ where: { databaseId } });
      return (counts.get(user) ?? 0) - 2 * rotations * (place === 'postgresql-15' ? 2 : 1);
    }),
  );
  return Math.max(0, ...extra);
}
