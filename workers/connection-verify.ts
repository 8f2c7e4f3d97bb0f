import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `connection.verify`: proves a login, in the lane of its server. */
export function verifyConnectionJob({ jobId, lane }: Message<'connection.verify'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, jobId, () => verifyConnection(jobId, workerId).catch((error: unknown) => reportUnforeseen(jobId, error)));
}
