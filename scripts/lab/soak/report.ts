import type { Verdict } from './judge.ts';

export interface SoakResult {
  verdict: Verdict;
  asked: number;
  faults: Record<string, number>;
  /** Mean resident memory in MB in each third of the run, of the processes that are spared; empty where it is too short to tell. */
  memoryMb: Record<string, number[]>;
  /** Whether the last third is within a tenth of the second. */
  isFlat: boolean;
  deliveries: number;
}

/** A server may be down for longer than a rotation may take. A short run has so few that two are more than a twentieth. */
const isMostlyCompleted = ({ rotations, completed }: Verdict): boolean => completed > 0 && rotations - completed <= Math.max(2, 0.05 * rotations);

export const isFaultless = ({ verdict, isFlat }: SoakResult): boolean =>
  [verdict.lockouts, verdict.stuck, verdict.lost, verdict.stale, verdict.other].every((faults) => faults.length === 0) &&
  verdict.isWhole &&
  isMostlyCompleted(verdict) &&
  verdict.mostFailedLogins <= verdict.mayFailLogins &&
  isFlat;

/** The result in lines. */
export function report({ verdict, asked, faults, memoryMb, isFlat, deliveries }: SoakResult): string {
  const { rotations, completed, failedBy, lockouts, stuck, lost, stale, other, mostFailedLogins, mayFailLogins, isWhole } = verdict;
  const list = (name: string, all: string[]) => [`${all.length === 0 ? 'ok ' : 'BAD'} ${all.length} ${name}`, ...all.slice(0, 10).map((one) => `      ${one}`)];
  const line = (isGood: boolean, text: string) => `${isGood ? 'ok ' : 'BAD'} ${text}`;
  return [
    `    ${asked} requests, ${rotations} rotations, ${deliveries} deliveries`,
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
    line(isFlat, Object.keys(memoryMb).length === 0 ? 'memory: the run is too short to tell' : `memory in MB by thirds: ${roundedJson(memoryMb)}`),
  ].join('\n');
}

const roundedJson = (value: unknown): string => JSON.stringify(value, (_, one) => (typeof one === 'number' ? Math.round(one) : one));
