import { findDueWork } from '#lib/rotation/reconcile.ts';
import { reportUnforeseen } from '#lib/rotation/report-unforeseen.ts';
import { rescanSessions } from '#lib/rotation/rescan-sessions.ts';
import { verifyConnectionJob } from './connection-verify.ts';
import { pruneEventsHourly } from './event-prune.ts';
import type { Dispatch } from './handlers.ts';
import { advanceRotationJob } from './rotation-advance.ts';

/** Starts all work that is due and that nobody does: the queue's messages are a convenience, this is the guarantee. */
export async function sweep(dispatch: Dispatch): Promise<void> {
  const inHand = dispatch.lanes.ids();
  dispatch.deliverer.wake();
  pruneEventsHourly(dispatch);
  const due = await findDueWork(dispatch.workerId, inHand);
  for (const { id, lane } of due.rotations) advanceRotationJob({ rotationId: id, lane }, dispatch);
  for (const { id, lane } of due.verifications) verifyConnectionJob({ jobId: id, lane }, dispatch);
  for (const { id, lane } of due.rescans) {
    dispatch.lanes.run(lane, `rescan ${id}`, () => rescanSessions(id).catch((error: unknown) => reportUnforeseen(id, error)));
  }
}
