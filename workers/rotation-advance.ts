import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import type { Dispatch } from './handlers.ts';

/** `rotation.advance`: puts one attempt at a rotation into the lane of its server. The sweep comes back to what must wait. */
export function advanceRotationJob({ rotationId, lane }: Message<'rotation.advance'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, rotationId, async () => {
    try {
      await advanceRotation(rotationId, workerId);
    } catch (error) {
      reportUnforeseen(rotationId, error);
    }
  });
}
