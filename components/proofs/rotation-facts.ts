import type { ProofWire, RotationWire, StepKind, StepWire } from '#lib/contract/job.ts';

type Endpoints = RotationWire['proofs']['new'];
/** Whether a login was accepted. */
export const accepted = (proof: ProofWire | undefined): proof is ProofWire & { verdict: 'accepted' } => proof?.verdict === 'accepted';

const later = (a: string, b: string): string => (Date.parse(a) >= Date.parse(b) ? a : b);
/** When the later of the two endpoints was asked. */
export const lastTime = (proofs: Endpoints): string | null => {
  const times = [proofs?.direct?.at, proofs?.pooled?.at].filter((time) => time !== undefined);
  return times.length === 0 ? null : times.reduce(later);
};

/** Where it was accepted, in words. */
export const acceptedWhere = (proofs: Endpoints): string =>
  accepted(proofs?.direct) ? (accepted(proofs?.pooled) ? 'directly and through the pooler' : 'directly') : 'through the pooler';

export const lastStep = ({ steps }: RotationWire, kind: StepKind): StepWire | undefined => steps.findLast((step) => step.kind === kind);

/** Whether a person gave another password before it was known which of the two worked. */
export const wasSuperseded = ({ error_code: errorCode }: RotationWire): boolean => errorCode === 'superseded';

/** Whether the change reached the server and was taken back. */
export const wasUndone = ({ steps }: RotationWire): boolean => steps.some(({ kind }) => kind === 'undone');

/** Whether the old password is being put back. */
export const isUndoing = ({ state, steps }: RotationWire): boolean =>
  state !== 'failed' && state !== 'completed' && steps.findLastIndex(({ kind }) => kind === 'undoing') > steps.findLastIndex(({ kind }) => kind === 'undone');

/** Whether the old password was left valid beside the new one. */
export const keepsOld = ({ keeps, from_version: from }: RotationWire): boolean => keeps.includes(from);
