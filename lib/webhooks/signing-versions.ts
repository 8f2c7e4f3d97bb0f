import type { DialectRules } from './dialects/dialect.ts';
import { liveFormerVersion, type SealedSecrets } from './endpoint-secret.ts';

interface Sending {
  type: string;
  /** Tries of this delivery that have failed. */
  attempts: number;
  at: Date;
}

/**
 * The versions of an endpoint's secret that sign one try, the preferred one first.
 *
 * Where a receiver reads one signature, one secret signs: during an overlap the one it last accepted, and until it has
 * accepted any the former one, for it cannot have the new one yet. A test event asks about the new one. A try that
 * failed is followed by one with the other secret, so a receiver that has changed over loses nothing.
 */
export function signingVersions(rules: DialectRules, endpoint: SealedSecrets, { type, attempts, at }: Sending): number[] {
  if (rules.signing === 'none' || endpoint.secretSealed === null) return [];
  const present = endpoint.secretVersion;
  const former = liveFormerVersion(endpoint, at);
  if (former === null) return [present];
  if (rules.signing === 'every') return [present, former];
  const isPresentFirst = type === 'webhook.test' || endpoint.acknowledgedVersion === present;
  const isPresent = attempts % 2 === 0 ? isPresentFirst : !isPresentFirst;
  return [isPresent ? present : former];
}
