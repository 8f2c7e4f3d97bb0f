import type { RotationWire } from '#lib/http/wire/job.ts';
import { columnsOf, type HandoverColumn } from './handover-columns.ts';
import { type Lanes, lanesOf } from './handover-lanes.ts';

export interface Handover {
  columns: HandoverColumn[];
  lanes: Lanes;
}

/**
 * The steps and lanes of a rotation. `attempts` is the note of the column where it stands, such as "attempt 2 of 4";
 * `told` are the columns of the integrations.
 */
export function handover(rotation: RotationWire, attempts: string, told: HandoverColumn[] = []): Handover {
  const columns = columnsOf(rotation, attempts, told);
  return { columns, lanes: lanesOf(rotation, columns) };
}
