import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import type { VerificationWire } from '#lib/contract/vector/verify.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { probeCredential } from '#lib/logins/probe-credential.ts';
import { loadEnvironment } from './environments.ts';
import { loadSite } from './load-site.ts';

/** Logs in, now, with each password of a site's development database that may work, over each endpoint. Throws not_found. */
export const verifySite = async (context: Context, siteId: string): Promise<VerificationWire> => verifyProject((await loadSite(context, siteId)).projectId);

/** The same for the database of an environment. Throws not_found, no_database. */
export async function verifyEnvironment(context: Context, params: EnvironmentParams): Promise<VerificationWire> {
  const { name, projectId } = await loadEnvironment(context, params);
  if (projectId === null) throw new DomainError('no_database', `No database is configured for ${name}. Configure one (PUT /environments/{id}, database).`);
  return verifyProject(projectId);
}

async function verifyProject(projectId: string): Promise<VerificationWire> {
  const { database } = await db.project.findUniqueOrThrow({
    where: { id: projectId },
    include: { database: { include: { credentials: { where: { state: { in: ['current', 'retiring'] } }, orderBy: { version: 'desc' } } } } },
  });
  const { host, directPort, pooledHost, pooledPort } = database;
  const logins: VerificationWire['logins'] = [];
  for (const { id, version, state } of database.credentials) {
    for (const { endpoint, probe } of await probeCredential(id, projectId)) {
      const place = endpoint === 'pooled' && pooledPort !== null ? { host: pooledHost ?? host, port: pooledPort } : { host, port: directPort };
      const kept = state === 'current' ? 'current' : 'retiring';
      logins.push({ version, state: kept, endpoint, ...place, verdict: probe.verdict, at: probe.at.toISOString() });
    }
  }
  return { works: logins.filter(({ state }) => state === 'current').every(({ verdict }) => verdict === 'accepted'), logins };
}
