import { type ProjectWire, rights } from '#lib/contract/project.ts';
import { publicId, siteName } from '#lib/contract/vector/site-names.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { cannotRotate } from '#lib/logins/cannot-rotate.ts';
import { currentCredential } from '#lib/logins/load-project.ts';
import { protectionToWire } from '#lib/logins/protection.ts';
import { sslModeToWire } from '#lib/logins/ssl-mode.ts';
import { hasRotator } from '#lib/logins/target.ts';
import { urlsWith } from '#lib/logins/urls-of.ts';
import { projectPolicyToWire } from '#lib/policies/to-wire.ts';
import { countConsumers } from './count-consumers.ts';
import type { ShownProject } from './shown-parts.ts';

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
