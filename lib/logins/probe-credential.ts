import type { Endpoint } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { engineOf } from './counted-engine.ts';
import { loginKnowingOthers, loginOf } from './login-of.ts';
import { type Answers, probeEverywhere } from './probe.ts';
import { targetOf, WITH_PLACE } from './target.ts';
import { trustFirstKeys } from './trust-keys.ts';

/**
 * Logs in with one version of a login's password, at every endpoint or only at the one named. Tries nothing if the
 * login lacks that endpoint, or if the version was stored for an older address: such a password is never sent. Throws
 * SealBrokenError if it cannot be decrypted, KeyUnavailableError.
 */
export async function probeCredential(credentialId: string, projectId: string, only?: Endpoint): Promise<Answers> {
  const { database, ...credential } = await db.credential.findUniqueOrThrow({ where: { id: credentialId }, include: { database: { include: WITH_PLACE } } });
  if (credential.placeVersion !== database.placeVersion) return [];
  const place = { engine: engineOf(database), target: await trustFirstKeys(database, targetOf(database, projectId)) };
  const isAsked = (endpoint: Endpoint) => !only || endpoint === only;
  const login = await loginOf(credential);
  // A pooler may show a verifier of its own making.
  if (only !== 'direct') return probeEverywhere(place, login, isAsked);
  const answers = await probeEverywhere(place, { ...login, others: 'all' }, isAsked);
  if (!answers.some(({ probe }) => probe.verdict === 'refused' && probe.by === 'handshake')) return answers;
  // The server holds another verifier: of another version, which no login has to fail for, or of this password, set anew.
  return probeEverywhere(place, await loginKnowingOthers(credential), isAsked);
}
