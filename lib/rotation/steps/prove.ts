import { systemContext } from '#lib/context.ts';
import type { Endpoint, Probe, RoleSession, SessionCut } from '#lib/engines/engine.ts';
import { failpoint } from '#lib/failpoint.ts';
import { type Attempt, hasPooler } from '#lib/rotation/attempt.ts';
import { StepFailure } from '#lib/rotation/failures.ts';
import type { TimelineEntry } from '#lib/rotation/move.ts';
import { openNew } from '#lib/rotation/open-new.ts';
import { type Proofs, parseProofs, withProof } from '#lib/rotation/proofs.ts';
import { sessionCutOf } from '#lib/rotation/session-cut.ts';
import { complete } from '#lib/rotation/settle.ts';
import { writeConfigFiles } from '#lib/wp-config/write-config-files.ts';

/**
 * promoted -> completed. The files that hold the password are written first: they are wrong until then. The old password
 * must be refused wherever it was accepted; sessions are ended or counted.
 */
export async function prove(attempt: Attempt): Promise<void> {
  const written = await writeFiles(attempt);
  failpoint('prove.written');
  const started = performance.now();
  const [proofs, sessions] = await Promise.all([proveRefused(attempt), handleSessions(attempt)]);
  failpoint('prove.refused');
  await complete(attempt, {
    proofs,
    sessionsEnded: sessions.ended,
    sessionsLeft: sessions.left,
    rescanAt: sessions.rescanAt,
    steps: [...written, { kind: 'old_refused', durationMs: performance.now() - started }, ...sessions.steps],
  });
}

async function writeFiles({ row }: Attempt): Promise<TimelineEntry[]> {
  const started = performance.now();
  const count = await writeConfigFiles(systemContext(row.organizationId), row.databaseId);
  return count === 0 ? [] : [{ kind: 'config_written', detail: { count }, durationMs: performance.now() - started }];
}

/** Asks with the old password wherever it was accepted; once an attempt, by whoever comes first. */
export function askOld(attempt: Attempt): Promise<Probe[]> {
  const { engine, target, current } = attempt;
  attempt.held.refusals ??= Promise.all(endpointsOf(attempt).map((endpoint) => engine.probe(target, endpoint, current)));
  return attempt.held.refusals;
}

const endpointsOf = (attempt: Attempt): Endpoint[] => (hasPooler(attempt) ? ['direct', 'pooled'] : ['direct']);

async function proveRefused(attempt: Attempt): Promise<Proofs> {
  const endpoints = endpointsOf(attempt);
  const probes = await askOld(attempt);
  return probes.reduce((proofs, probe, i) => withProof(proofs, 'old', endpoints[i] ?? 'direct', requireRefused(probe)), parseProofs(attempt.row.proofs));
}

function requireRefused(probe: Probe): Probe {
  if (probe.verdict === 'unknown') throw new StepFailure(probe.failure, true);
  if (probe.verdict === 'accepted') throw new StepFailure('old_password_accepted', true);
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
