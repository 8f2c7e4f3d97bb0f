import { openCredential } from '#lib/credentials/seal-credential.ts';
import { db } from '#lib/db.ts';
import type { Endpoint, Probe } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { targetOf } from './target.ts';

/**
 * Logs in with one version of a login's password, wherever logins come in or at the one endpoint named: none where it
 * has no such. Throws SealBrokenError where it does not open, KeyUnavailableError.
 */
export async function probeCredential(credentialId: string, projectId: string, only?: Endpoint): Promise<{ endpoint: Endpoint; probe: Probe }[]> {
  const credential = await db.credential.findUniqueOrThrow({
    where: { id: credentialId },
    include: { database: { include: { server: true, projects: { orderBy: { createdAt: 'asc' } } } } },
  });
  const target = targetOf(credential.database, projectId);
  const login = { user: credential.loginName, password: (await openCredential(credential)).password };
  const all: Endpoint[] = target.pooledPort === null ? ['direct'] : ['direct', 'pooled'];
  const endpoints = all.filter((endpoint) => !only || endpoint === only);
  const engine = engineFor(credential.database.server.engine);
  return Promise.all(endpoints.map(async (endpoint) => ({ endpoint, probe: await engine.probe(target, endpoint, login) })));
}
