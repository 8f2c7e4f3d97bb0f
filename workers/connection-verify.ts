import type { Message } from '#lib/queue/jobs.ts';
import { reportUnforeseen } from '#lib/rotation/report-unforeseen.ts';
import { verifyConnection } from '#lib/rotation/verify-connection.ts';
import type { Dispatch } from './handlers.ts';

/** `connection.verify`: proves a login, in the lane of its server. */
export function verifyConnectionJob({ jobId, lane }: Message<'connection.verify'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, jobId, () => verifyConnection(jobId, workerId).catch((error: unknown) => reportUnforeseen(jobId, error)));
}
