import type { RotationWire } from '#lib/contract/job.ts';
import { columnsOf, type HandoverColumn } from './handover-columns.ts';
import { type Lanes, lanesOf } from './handover-lanes.ts';

export interface Handover {
  columns: HandoverColumn[];
  lanes: Lanes;
}

/**
 * The steps and lanes of a rotation. `attempts` is the note of the column where it stands, such as "attempt 2 of 4";
 * `told` are the columns of the integrations; with `noWorker` no step is in progress.
 */
export function handover(rotation: RotationWire, attempts: string, told: HandoverColumn[] = [], noWorker = false): Handover {
  const all = columnsOf(rotation, attempts, told);
  const columns = noWorker ? all.map((column) => (column.state === 'now' ? { ...column, state: 'waiting' as const } : column)) : all;
  return { columns, lanes: lanesOf(rotation, columns) };
}
