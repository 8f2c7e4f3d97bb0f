import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { reportUnforeseen } from '#lib/rotation/report-unforeseen.ts';
import type { Dispatch } from './handlers.ts';

/** `rotation.advance`: puts one attempt at a rotation into the lane of its server; it asks to be woken where it must wait. */
export function advanceRotationJob(message: Message<'rotation.advance'>, { lanes, workerId }: Dispatch): void {
  const { rotationId, lane } = message;
  lanes.run(lane, rotationId, async () => {
    try {
      const outcome = await advanceRotation(rotationId, workerId);
      if (outcome?.retryMs) await wake('rotation.advance', message, outcome.retryMs);
    } catch (error) {
      reportUnforeseen(rotationId, error);
    }
  });
}
