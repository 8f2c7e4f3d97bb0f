import { systemContext } from '#lib/context.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Endpoint, Probe, RoleSession, SessionCut } from '#lib/engines/engine.ts';
import { failpoint } from '#lib/failpoint.ts';
import { type Attempt, closeEarly, hasPooler, nextLogin } from '#lib/rotation/attempt.ts';
import { besides, oldOnes } from '#lib/rotation/beside.ts';
import { StepFailure } from '#lib/rotation/failures.ts';
import { moveRotation, type TimelineEntry } from '#lib/rotation/move.ts';
import { openNew } from '#lib/rotation/open-new.ts';
import { openOperator, orphanPrefix } from '#lib/rotation/operator.ts';
import { type Proofs, parseProofs, withProof } from '#lib/rotation/proofs.ts';
import { sessionCutOf } from '#lib/rotation/session-cut.ts';
import { complete } from '#lib/rotation/settle.ts';
import { writeConfigFiles } from '#lib/wp-config/write-config-files.ts';

/**
 * promoted -> completed. The files that hold the password are written first: they are wrong until then. The old password
 * must be refused wherever it was accepted; sessions are ended or counted.
 */
export async function prove(attempt: Attempt): Promise<void> {
  const { row, fence, engine, rotator } = attempt;
  // Of several accounts an attempt that died may have changed some.
  if (engine.changesAccountsOneByOne && rotator && attempt.changedMark === undefined) await sendAgain(attempt);
  const written = row.kind === 'rotate' ? await writeFiles(attempt) : [];
  await failpoint('prove.written');
  const started = performance.now();
  const [proofs, sessions] = await Promise.all([proveOld(attempt), handleSessions(attempt)]);
  await failpoint('prove.refused');
  const kept = row.kind === 'rotate' && row.keeps.includes(row.fromCredential.version);
  await complete({ row, fence }, oldOnes(attempt), {
    proofs,
    sessionsEnded: sessions.ended,
    sessionsLeft: sessions.left,
    rescanAt: sessions.rescanAt,
    steps: [...written, { kind: kept ? 'old_kept' : 'old_refused', durationMs: performance.now() - started }, ...sessions.steps],
  });
}

async function writeFiles({ row }: Attempt): Promise<TimelineEntry[]> {
  const started = performance.now();
  const count = await writeConfigFiles(systemContext(row.organizationId), row.databaseId);
  return count === 0 ? [] : [{ kind: 'config_written', detail: { count }, durationMs: performance.now() - started }];
}

/** Sends the same verifiers once more, which changes nothing where they have arrived. */
async function sendAgain(attempt: Attempt): Promise<void> {
  const { row } = attempt;
  const { user: role, verifier } = nextLogin(attempt);
  const operator = await openOperator(attempt);
  const onTransaction = () => moveRotation(attempt, { to: row.state });
  await operator.changePassword({ role, verifier, ...besides(attempt), attempt: orphanPrefix(row.id), onTransaction });
  closeEarly(attempt, operator);
}

interface Asked {
  endpoint: Endpoint;
  password: 'old' | 'wrong';
  isKept: boolean;
  probe: Probe;
}

/** Asks with the old passwords, wherever they were accepted; where the old one stays valid, with a random wrong one too. Once an attempt, by whoever comes first. */
export function askOld(attempt: Attempt): Promise<Asked[]> {
  const { engine, target, current, row } = attempt;
  const asks = oldOnes(attempt)
    // What stays valid of earlier rotations has been proven by its own.
    .filter(({ isKept, id }) => !isKept || id === row.fromCredentialId)
    .map(({ user, password, isKept }) => ({ password: 'old' as const, isKept, login: { user, password } }));
  const wrong = { password: 'wrong' as const, isKept: false, login: { user: current.user, password: generatePassword() } };
  attempt.held.refusals ??= Promise.all(
    [...asks, ...(row.keeps.length > 0 ? [wrong] : [])].flatMap(({ password, isKept, login }) =>
      endpointsOf(attempt).map(async (endpoint) => ({ endpoint, password, isKept, probe: await engine.probe(target, endpoint, login) })),
    ),
  );
  return attempt.held.refusals;
}

const endpointsOf = (attempt: Attempt): Endpoint[] => (hasPooler(attempt) ? ['direct', 'pooled'] : ['direct']);

async function proveOld(attempt: Attempt): Promise<Proofs> {
  const asked = await askOld(attempt);
  return asked.reduce((proofs, one) => withProof(proofs, one.password, one.endpoint, requireVerdict(one)), parseProofs(attempt.row.proofs));
}

function requireVerdict({ probe, isKept }: Asked): Probe {
  if (probe.verdict === 'unknown') throw new StepFailure(probe.failure, true);
  if (probe.verdict === 'accepted' && !isKept) throw new StepFailure('old_password_accepted', true);
  if (probe.verdict === 'refused' && isKept) throw new StepFailure('kept_password_refused', true);
  return probe;
}

interface SessionsOutcome {
  ended: number | null;
  /** Null where they could not be counted. */
  left: number | null;
  rescanAt: Date | null;
  steps: TimelineEntry[];
}

/** Ends the sessions of the old password where that was asked for, and counts those that live on. */
async function handleSessions(attempt: Attempt): Promise<SessionsOutcome> {
  const { row } = attempt;
  // Ending old passwords divides no sessions: they were opened with any of them.
  if (row.kind === 'retire') return { ended: null, left: null, rescanAt: null, steps: [] };
  const opened = await openNew(attempt);
  const cut = sessionCutOf(row);
  if (!opened || !cut) throw new StepFailure('new_password_refused', true);
  const { session } = opened;
  if (!session) {
    if (row.closeSessions) throw new StepFailure('server_full', true);
    return { ended: null, left: null, rescanAt: null, steps: [] };
  }
  if (!row.closeSessions) return { ended: null, left: await countOld(session, cut), rescanAt: null, steps: [] };
  const started = performance.now();
  const ended = await session.endSessions(cut);
  const { authenticationTimeoutSeconds } = await session.inspect();
  return {
    ended,
    left: await countOld(session, cut),
    // A login begun before the change may still finish with the old password.
    rescanAt: new Date(cut.at.getTime() + authenticationTimeoutSeconds * 1000),
    steps: [{ kind: 'sessions_ended', detail: { count: ended }, durationMs: performance.now() - started }],
  };
}

const countOld = async (session: RoleSession, before: SessionCut): Promise<number> =>
  (await session.listSessions(before)).reduce((sum, group) => sum + group.count, 0);
