import { z } from 'zod';
import type { Login, Operator } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import type { RotationFailure } from '#lib/logins/failure-codes.ts';
import { requireVerdict, StepFailure } from '#lib/logins/failures.ts';
import { keepProof } from '#lib/logins/proofs.ts';
import { bridges, changeToOld } from '#lib/rotation/attempt/changes.ts';
import { keepVerifier } from '#lib/rotation/attempt/keep-verifier.ts';
import { openFirst, orphanPrefix } from '#lib/rotation/attempt/operator.ts';
import { type Attempt, currentLogin, nextLogin } from '#lib/rotation/machine/attempt.ts';
import { moveRotation } from '#lib/rotation/machine/move.ts';
import { fail } from '#lib/rotation/machine/settle.ts';
import { provePooled } from './verify.ts';

/** -> failed. Restores the old password with its exact verifier, and verifies it by logins. */
export async function undo(attempt: Attempt): Promise<void> {
  const { row, engine, target, current, rotator } = attempt;
  const { operator, by } = await openUndoer(attempt);
  await operator.endOrphans(orphanPrefix(row.id));
  // Nothing of ours can land any more: if the old password is accepted now, the change never landed. The role itself may
  // not be able to end what the rotator left; changing the password again then waits for it, by the lock on the role.
  const isSure = rotator === null || by === rotator;
  // An acknowledged change is undone whatever answers here: a proxy may accept the old password from a copy of its own.
  // If both are to be valid, the old one logs in whether the change has landed or not.
  if (
    !isSure ||
    row.changedAt !== null ||
    row.keeps.length > 0 ||
    bridges(attempt) ||
    (await engine.probe(target, 'direct', currentLogin(attempt))).verdict !== 'accepted'
  ) {
    const verifier = row.database.sendsPlaintext ? current.password : (current.verifier ?? (await makeVerifier(attempt, operator)));
    await operator.changePassword({
      ...changeToOld(attempt, verifier),
      onTransaction: async (xid) => {
        await moveRotation(attempt, { to: 'applying', data: { xid } });
        await failpoint('undo.announced');
      },
    });
    await failpoint('undo.changed');
  }
  // It decides how the rotation ends, so it is made even if the limit of rejected logins is reached.
  const restored = { ...currentLogin(attempt), expected: { name: 'restored', isFinal: true } };
  const direct = await engine.probe(target, 'direct', restored);
  requireVerdict({ endpoint: 'direct', probe: direct }, 'accepted', 'both_refused');
  const pooled = target.pooled === null ? null : await provePooled(attempt, restored, 'pooler_refused_current');
  await failpoint('undo.proven');
  keepProof(attempt, 'old', 'direct', direct);
  if (pooled) keepProof(attempt, 'old', 'pooled', pooled);
  await fail(attempt, await readReason(attempt), { steps: [{ kind: 'undone', durationMs: direct.durationMs }] });
}

/** The session that made the change if it is still open, else a new one with the first login that is accepted. */
async function openUndoer(attempt: Attempt): Promise<{ operator: Operator; by: Login }> {
  const { rotator, held } = attempt;
  if (held.operator) return { operator: held.operator, by: rotator ?? attempt.current };
  return openFirst(attempt, [...(rotator ? [rotator] : []), nextLogin(attempt), currentLogin(attempt)]);
}

/** A verifier for an old password whose own could not be read; stored before it is sent, so that a retry sends the same. */
async function makeVerifier(attempt: Attempt, operator: Operator): Promise<string> {
  const { row, engine, current } = attempt;
  const { iterations } = await operator.inspect();
  const verifier = await engine.makeVerifier(current.password, iterations);
  await moveRotation(attempt, { to: row.state, also: await keepVerifier(attempt, verifier) });
  return verifier;
}

/** Why the change was taken back, as the timeline tells. */
async function readReason({ row }: Attempt): Promise<StepFailure> {
  const told = await db.rotationStep.findFirst({ where: { rotationId: row.id, kind: 'undoing' }, orderBy: { id: 'desc' }, select: { detail: true } });
  const { endpoint } = z.object({ endpoint: z.enum(['direct', 'pooled']).nullish() }).parse(told?.detail ?? {});
  return new StepFailure(row.undoReason as RotationFailure, false, { endpoint: endpoint ?? null });
}
