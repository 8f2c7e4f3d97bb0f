import { type ProjectWire, rights } from '#lib/contract/project.ts';
import { publicId, siteName } from '#lib/contract/vector/site-names.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { IntegrationRow } from '#lib/integrations/integrations.ts';
import { mayRedeploy } from '#lib/integrations/may-redeploy.ts';
import { cannotRotate } from '#lib/logins/cannot-rotate.ts';
import { currentCredential } from '#lib/logins/load-project.ts';
import { protectionToWire } from '#lib/logins/protection.ts';
import { sslModeToWire } from '#lib/logins/ssl-mode.ts';
import { hasRotator } from '#lib/logins/target.ts';
import { urlsWith } from '#lib/logins/urls-of.ts';
import { projectPolicyToWire } from '#lib/policies/to-wire.ts';
import type { ShownProject } from './shown-parts.ts';

type Stand = 'up_to_date' | 'waiting' | 'under_way';

/** How many hold the URL of a project, how many have it as it is now, and how many wait for a person. */
function countConsumers(row: ShownProject): ProjectWire['consumers'] {
  const { version } = currentCredential(row);
  const [rotation] = row.database.rotations;
  const isRotated = rotation?.toCredential?.version === version;
  const stands: Stand[] = [
    ...row.integrations.map((integration) => standOf(integration, version, isRotated)),
    ...row.consumers.map(({ tasks: [task] }): Stand => (task && task.doneAt === null ? 'waiting' : 'up_to_date')),
  ];
  const count = (stand: Stand) => stands.filter((one) => one === stand).length;
  return { total: stands.length, up_to_date: count('up_to_date'), waiting: count('waiting'), job_id: rotation?.jobId ?? null };
}

/** As the runbook of a rotation judges it; what was connected since holds the password that already ran there. */
function standOf(integration: IntegrationRow, version: number, isRotated: boolean): Stand {
  const { syncs, targets, redeployments } = integration;
  if (syncs.length > 0) return 'under_way';
  const judged = targets.filter(({ keptAt }) => keptAt === null);
  if (judged.some(({ state, version: held }) => state === 'failed' || state === 'drifted' || (held ?? 0) < version)) return 'waiting';
  if (integration.checkFailureCode !== null) return 'waiting';
  if (judged.length === 0 || !isRotated) return 'up_to_date';
  const [asked] = redeployments;
  if (!asked || asked.version < version) return mayRedeploy(integration) ? 'waiting' : 'up_to_date';
  const STANDS = { requested: 'under_way', started: 'up_to_date', failed: 'waiting' } as const;
  return STANDS[asked.state];
}

const NO_PASSWORD = new Secret('');
const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A project as the API shows it. */
export function projectToWire(row: ShownProject): ProjectWire {
  const { database } = row;
  const { server } = database;
  const credential = currentCredential(row);
  const urls = urlsWith(row, credential.loginName, NO_PASSWORD);
  const changedAt = row.updatedAt > database.updatedAt ? row.updatedAt : database.updatedAt;
  return {
    id: row.id,
    organization_id: row.organizationId,
    name: row.name,
    slug: row.slug,
    environment: row.environment,
    engine: server.engine,
    state: database.state,
    database_name: row.databaseName,
    role_name: database.roleName,
    public_host: database.host,
    direct_port: database.directPort,
    pooled_port: database.pooledPort,
    pooled_host: database.pooledPort === null ? null : (database.pooledHost ?? database.host),
    ssl_mode: sslModeToWire(database.sslMode),
    last_error: database.lastError,
    latest_job_id: database.latestJobId,
    rotated_at: timeOf(database.rotatedAt),
    created_at: row.createdAt.toISOString(),
    updated_at: changedAt.toISOString(),
    server_version: server.version,
    sends_plaintext: database.sendsPlaintext,
    rotator_name: hasRotator(database, server) ? server.rotatorName : null,
    urls: { direct: urls.direct.reveal(), pooled: urls.pooled?.reveal() ?? null },
    credential: {
      version: credential.version,
      direct_proven_at: timeOf(credential.directProvenAt),
      pooled_proven_at: timeOf(credential.pooledProvenAt),
      created_at: credential.createdAt.toISOString(),
    },
    consumers: countConsumers(row),
    old_sessions: oldSessions(row),
    // Empty before the first verification.
    rights: rights.safeParse(database.rights).data ?? null,
    cannot_rotate: cannotRotate(database, row.site?.wpConfigError),
    retiring: database.credentials.flatMap(({ state, version, retireAt }) => (state === 'retiring' ? [{ version, retire_at: timeOf(retireAt) }] : [])),
    site: siteOf(row),
    protection: protectionToWire(database),
    tags: Object.fromEntries(row.tags.map(({ key, value }) => [key, value])),
    policy: projectPolicyToWire(database),
  };
}

function siteOf({ site, siteEnvironment }: ShownProject): ProjectWire['site'] {
  const of = site ?? siteEnvironment?.site;
  return of ? { id: publicId(of), name: siteName(of), environment: siteEnvironment?.name ?? null } : null;
}

/** Null where none were counted, and once the password is another one than the rotation gave. */
function oldSessions(row: ShownProject): ProjectWire['old_sessions'] {
  const [rotation] = row.database.rotations;
  if (!rotation || rotation.sessionsLeft === null || rotation.toCredential?.version !== currentCredential(row).version) return null;
  const countedAt = timeOf(rotation.steps[0]?.at ?? rotation.finishedAt);
  return countedAt === null ? null : { count: rotation.sessionsLeft, counted_at: countedAt, job_id: rotation.jobId };
}
