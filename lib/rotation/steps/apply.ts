import type { RoleSession } from '#lib/engines/engine.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { requireVerdict, StepFailure } from '#lib/logins/failures.ts';
import { bridges, changeToBoth, changeToNew } from '#lib/rotation/attempt/changes.ts';
import { openNew } from '#lib/rotation/attempt/open-new.ts';
import { openOperator, orphanPrefix } from '#lib/rotation/attempt/operator.ts';
import { type Attempt, currentLogin } from '#lib/rotation/machine/attempt.ts';
import { moveRotation } from '#lib/rotation/machine/move.ts';

/**
 * staged or applying -> verifying. Sends the stored verifier to the server. A repeated attempt first checks whether an
 * earlier one has landed, and otherwise sends the SAME verifier again.
 */
export async function apply(attempt: Attempt): Promise<void> {
  const { row } = attempt;
  const isRepeated = row.state !== 'staged';
  // A retirement that has landed already changes nothing.
  if (isRepeated && row.kind === 'rotate' && (await hasLanded(attempt))) return;

  const started = performance.now();
  const operator = attempt.held.operator ?? (await openOperator(attempt));
  await failpoint('apply.opened');
  // An ALTER of a dead attempt that waits for a lock would otherwise commit later.
  const orphans = isRepeated ? await operator.endOrphans(orphanPrefix(row.id)) : 0;
  // An orphan that waited for a standby has landed when it was ended.
  if (orphans > 0 && row.kind === 'rotate' && (await hasLanded(attempt))) return;
  let xid: string | null = null;
  const {
    changedAt,
    others = 0,
    hasFollowers,
  } = await operator.changePassword({
    ...(bridges(attempt) ? changeToBoth : changeToNew)(attempt),
    onTransaction: async (id) => {
      xid = id;
      if (!isRepeated) await requireCurrent(attempt);
      await moveRotation(attempt, { to: 'applying', data: { xid } });
      await failpoint('apply.announced');
    },
  });
  attempt.changedMark = performance.now();
  attempt.isAlone = hasFollowers === false;
  // Kept until the new password is verified: if no other login works, this session can still restore the old one.
  attempt.held.operator = operator;
  await failpoint('apply.changed');
  // The first login with the new password starts at once: until it succeeds, the URL in the store is wrong.
  void openNew(attempt).catch(() => undefined);
  await moveRotation(attempt, {
    to: 'verifying',
    data: { changedAt },
    steps: [
      {
        kind: 'changed',
        detail: { ...(xid !== null && { xid }), by: attempt.rotator ? 'rotator' : 'role', kind: row.kind, ...othersOf(attempt, others) },
        durationMs: attempt.changedMark - started,
      },
    ],
  });
}

/** What became of passwords that someone else set beside ours. */
const othersOf = ({ row, rotator }: Attempt, count: number) =>
  count > 0 && { [row.reason === 'compromise' && rotator ? 'other_passwords_ended' : 'other_passwords_kept']: count };

/**
 * Under the lock on the role, and before anything is sent: checks that the current password is still valid. Someone
 * may have changed it since the preflight, even Rekey itself if it knows the server under two names.
 */
async function requireCurrent(attempt: Attempt): Promise<void> {
  const { engine, target } = attempt;
  requireVerdict({ endpoint: 'direct', probe: await engine.probe(target, 'direct', currentLogin(attempt)) }, 'accepted', 'current_password_refused');
}

/**
 * Whether the server already accepts the new password. Nobody outside has it before it is promoted, so the server's
 * clock at this moment still separates the sessions: all that are open now, except ours, logged in with the old one.
 */
async function hasLanded(attempt: Attempt): Promise<boolean> {
  const opened = await openNew(attempt);
  if (!opened) return false;
  const changedAt = attempt.row.changedAt ?? (await readClock(attempt, opened.session));
  await moveRotation(attempt, { to: 'verifying', data: { changedAt }, steps: [{ kind: 'recovered' }] });
  return true;
}

/** The server's clock, null if it reports none; read by the rotator if the role has no connection left. */
async function readClock(attempt: Attempt, session: RoleSession | null): Promise<Date | null> {
  const asked = session ?? (attempt.rotator && (await openOperator(attempt)));
  if (!asked) throw new StepFailure('server_full', true);
  return (await asked.inspect()).now;
}
