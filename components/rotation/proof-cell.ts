import { wasSuperseded, wasUndone } from '#components/proofs/rotation-facts.ts';
import type { ProofWire, RotationWire } from '#lib/contract/job.ts';

export type LoginWith = 'new' | 'old' | 'wrong';
export type EndpointKey = 'direct' | 'pooled';

/** What one login proved, for the table. `quiet`: nothing to say yet. */
export interface ProofCell {
  look: 'ok' | 'asking' | 'unknown' | 'bad' | 'quiet';
  words: string;
  at: string | null;
  /** How it was proven. */
  by?: ProofWire['by'];
}

const isAfterChange = ({ changed_at: changed, steps }: RotationWire, at: string): boolean => {
  const since = changed ?? steps.find(({ kind }) => kind === 'changed')?.at ?? steps.find(({ kind }) => kind === 'needs_attention')?.at;
  return since === undefined || Date.parse(at) >= Date.parse(since);
};

const quiet = (words: string): ProofCell => ({ look: 'quiet', words, at: null });

/** What counts as good for each password once the rotation is at its end: the new accepted, the others refused. */
function isGood(login: LoginWith, accepted: boolean, rotation: RotationWire): boolean {
  if (login === 'wrong') return !accepted;
  if (rotation.state === 'failed') return login === 'old' && accepted;
  return login === 'new' ? accepted : !accepted;
}

function missing(rotation: RotationWire, login: LoginWith, endpoint: EndpointKey): ProofCell {
  switch (rotation.state) {
    case 'failed':
      if (login !== 'new') return quiet('not tried');
      if (wasSuperseded(rotation)) return { look: 'unknown', words: 'no answer', at: null };
      if (!wasUndone(rotation)) return quiet('never sent');
      return endpoint === 'pooled' && rotation.error_code === 'pooler_refused_new' ? { look: 'bad', words: 'rejected', at: null } : quiet('undone');
    case 'needs_attention':
      return { look: 'unknown', words: 'no answer', at: null };
    case 'completed':
      return quiet('not tried');
    case 'verifying':
    case 'promoted': {
      const asked = login === (rotation.state === 'verifying' ? 'new' : 'old');
      const isNext = endpoint === 'direct' || rotation.proofs[login]?.direct !== undefined || rotation.state === 'promoted';
      return asked && isNext ? { look: 'asking', words: 'trying', at: null } : quiet('not tried yet');
    }
    default:
      return quiet('not tried yet');
  }
}

/** The cell for one password at one endpoint. A proof of the old one from before the change says nothing of now. */
export function proofCell(rotation: RotationWire, login: LoginWith, endpoint: EndpointKey): ProofCell {
  const proof = rotation.proofs[login]?.[endpoint];
  const isStale =
    login === 'old' &&
    proof !== undefined &&
    (rotation.state !== 'failed' || wasSuperseded(rotation)) &&
    rotation.state !== 'requested' &&
    rotation.state !== 'staged' &&
    !isAfterChange(rotation, proof.at);
  if (!proof || isStale) return missing(rotation, login, endpoint);
  if (rotation.state === 'failed' && login === 'new' && proof.verdict === 'accepted') return quiet('undone');
  if (proof.verdict === 'unknown') return { look: 'unknown', words: 'no answer', at: proof.at };
  const accepted = proof.verdict === 'accepted';
  const beforeChange = login === 'old' && (rotation.state === 'requested' || rotation.state === 'staged');
  return { look: beforeChange || isGood(login, accepted, rotation) ? 'ok' : 'bad', words: accepted ? 'accepted' : 'rejected', at: proof.at, by: proof.by };
}
