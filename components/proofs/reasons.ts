import type { RotateBody } from '#lib/contract/job.ts';

export type Reason = NonNullable<RotateBody['reason']>;

/** The reasons in the order of the dialog, as people call them. */
export const REASON_LABELS: Record<Reason, string> = { routine: 'Routine', compromise: 'Leak', departure: 'Departure', compliance: 'Compliance' };
