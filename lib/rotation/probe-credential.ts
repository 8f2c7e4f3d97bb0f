import { db } from '#lib/db.ts';
import type { Endpoint } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { loginOf } from './login-of.ts';
import { type Answers, probeEverywhere } from './probe-everywhere.ts';
import { targetOf, WITH_PLACE } from './target.ts';
import { trustFirstKeys } from './trust-keys.ts';

/**
 * Logs in with one version of a login's password, wherever logins come in or at the one endpoint named: none where it
 * has no such, nor for a version that was kept for an older address: it never leaves. Throws SealBrokenError where it does
 * not open, KeyUnavailableError.
 */
export async function probeCredential(credentialId: string, projectId: string, only?: Endpoint): Promise<Answers> {
  const { database, ...credential } = await db.credential.findUniqueOrThrow({ where: { id: credentialId }, include: { database: { include: WITH_PLACE } } });
  if (credential.placeVersion !== database.placeVersion) return [];
  const place = { engine: engineFor(database.server.engine), target: await trustFirstKeys(database, targetOf(database, projectId)) };
  return probeEverywhere(place, await loginOf(credential), only);
}
