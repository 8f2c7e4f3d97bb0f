import type { Verdict } from './judge.ts';
import { isBounded, type MemoryOfKind, MOST_RESIDENT_MB } from './memory-watch.ts';

export interface SoakResult {
  verdict: Verdict;
  asked: number;
  faults: Record<string, number>;
  /** The longest that a client repeated one request until it was answered, in ms. */
  longestWaitMs: number;
  /** Null where the run is too short to tell. */
  memory: Record<string, MemoryOfKind> | null;
  deliveries: number;
}

/** A server may be down for longer than a rotation may take. A short run has so few that two are more than a twentieth. */
const isMostlyCompleted = ({ rotations, completed }: Verdict): boolean => completed > 0 && rotations - completed <= Math.max(2, 0.05 * rotations);

export const isFaultless = ({ verdict, memory }: SoakResult): boolean =>
  [verdict.lockouts, verdict.stuck, verdict.lost, verdict.stale, verdict.other].every((faults) => faults.length === 0) &&
  verdict.isWhole &&
  isMostlyCompleted(verdict) &&
  verdict.mostFailedLogins <= verdict.mayFailLogins &&
  Object.values(memory ?? {}).every(isBounded);

/** The result in lines. */
export function report({ verdict, asked, longestWaitMs, faults, memory, deliveries }: SoakResult): string {
  const { rotations, completed, failedBy, lockouts, stuck, lost, stale, other, mostFailedLogins, mayFailLogins, isWhole } = verdict;
  const list = (name: string, all: string[]) => [`${all.length === 0 ? 'ok ' : 'BAD'} ${all.length} ${name}`, ...all.slice(0, 10).map((one) => `      ${one}`)];
  const line = (isGood: boolean, text: string) => `${isGood ? 'ok ' : 'BAD'} ${text}`;
  return [
    `    ${asked} requests, ${rotations} rotations, ${deliveries} deliveries; the longest wait of a client for an answer: ${(longestWaitMs / 1_000).toFixed(1)} s`,
    `    ${Object.entries(faults)
      .map(([what, times]) => `${times} ${what}`)
      .join(', ')}`,
    ...list('lock-outs', lockouts),
    ...list('stuck', stuck),
    ...list('lost events', lost),
    ...list('stale writes', stale),
    ...list('other faults', other),
    line(isMostlyCompleted(verdict), `${completed} of ${rotations} rotations completed; others: ${JSON.stringify(failedBy)}`),
    line(
      mostFailedLogins <= mayFailLogins,
      `${mostFailedLogins} failed logins of one login beyond two for each rotation and endpoint; ${mayFailLogins} are allowed`,
    ),
    line(isWhole, 'the audit log is whole'),
    ...(memory === null
      ? [line(true, 'memory: the run is too short to tell')]
      : Object.entries(memory).map(([kind, of]) => line(isBounded(of), memoryLine(kind, of)))),
  ].join('\n');
}

const rounded = (numbers: number[]): string => numbers.map(Math.round).join(', ');

const memoryLine = (kind: string, { held, resident, mostResident, lives }: MemoryOfKind): string =>
  `memory of the ${kind} in MB: held in the second and last third ${rounded(held)}; resident by thirds ${rounded(resident)}, at most ${Math.round(mostResident)} of ${MOST_RESIDENT_MB}; ${lives} ${lives === 1 ? 'process' : 'processes'}`;
