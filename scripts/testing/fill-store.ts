// Fills a store with the history of years by SQL alone: for tests and measurements of its size, not of what stands in it.
import pg from 'pg';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { sealCredential } from '#lib/logins/sealing.ts';

export interface StoreSize {
  /** Logins with a project each, proven within the last day. */
  logins: number;
  /** Rotations that have ended, with a job, three steps, an event and a delivery each; a tenth as many syncs, redeployments, deployments and sessions. */
  rotations: number;
  endpoints: number;
  auditRecords: number;
}

export const ORGANIZATION_ID = 'org_big';

/** One statement for each table, in the order of `$1`: logins, rotations, endpoints, records. */
const STATEMENTS: [keyof StoreSize, string][] = [
  [
    'logins',
    `INSERT INTO servers (id, organization_id, engine, identity, updated_at)
     SELECT 'srv_' || n, '${ORGANIZATION_ID}', 'postgresql', 'server ' || n, now() FROM generate_series(0, $1::int / 20) n`,
  ],
  [
    'logins',
    `INSERT INTO databases (id, organization_id, server_id, role_name, host, direct_port, ssl_mode, login_key, state, rotated_at, next_check_at, plan_at, updated_at)
     SELECT 'db_' || n, '${ORGANIZATION_ID}', 'srv_' || n / 20, 'role_' || n, 'host-' || n / 20 || '.internal', 5432, 'disable', 'key_' || n, 'ready',
       now() - interval '40 days', now() - interval '2 days', NULL, now() FROM generate_series(1, $1::int) n`,
  ],
  [
    'logins',
    `INSERT INTO projects (id, organization_id, database_id, database_name, name, slug, updated_at)
     SELECT 'prj_' || n, '${ORGANIZATION_ID}', 'db_' || n, 'app', 'project ' || n, 'project-' || n, now() FROM generate_series(1, $1::int) n`,
  ],
  [
    'logins',
    `INSERT INTO credentials (id, organization_id, database_id, version, login_name, state, sealed, direct_proven_at, updated_at)
     SELECT 'crd_' || n, '${ORGANIZATION_ID}', 'db_' || n, 1000000, 'role_' || n, 'current', 'sealed', now() - n % 700 * interval '1 minute', now()
     FROM generate_series(1, $1::int) n`,
  ],
  [
    'logins',
    `INSERT INTO integrations (id, organization_id, project_id, provider, external_id, name, token_sealed, config, next_check_at, updated_at)
     SELECT 'int_' || n, '${ORGANIZATION_ID}', 'prj_' || n, 'vercel', 'external_' || n, 'shop', 'sealed', '{"variables": [], "workflow": null, "ref": null}', now() + n % 360 * interval '1 minute', now()
     FROM generate_series(1, $1::int) n`,
  ],
  [
    'logins',
    `INSERT INTO integration_targets (organization_id, integration_id, target, state, version)
     SELECT '${ORGANIZATION_ID}', 'int_' || n, 'production', 'in_sync', 1000000 FROM generate_series(1, $1::int) n`,
  ],
  [
    'logins',
    `INSERT INTO sites (id, organization_id, project_id, partner_customer_id, updated_at)
     SELECT 'sit_' || n, '${ORGANIZATION_ID}', 'prj_' || n, 'customer', now() FROM generate_series(1, $1::int / 2) n`,
  ],
  [
    'logins',
    `INSERT INTO environments (id, organization_id, site_id, project_id, name, updated_at)
     SELECT 'env_' || n, '${ORGANIZATION_ID}', 'sit_' || n, 'prj_' || n, 'production', now() FROM generate_series(1, $1::int / 2) n`,
  ],
  [
    'logins',
    `INSERT INTO consumers (id, organization_id, project_id, name, kind, updated_at)
     SELECT 'con_' || n, '${ORGANIZATION_ID}', 'prj_' || n, 'nightly job', 'cron_job', now() FROM generate_series(1, $1::int) n`,
  ],
  [
    'rotations',
    `INSERT INTO credentials (id, organization_id, database_id, version, login_name, state, sealed, created_at, updated_at)
     SELECT 'old_' || n, '${ORGANIZATION_ID}', 'db_' || 1 + n % logins, 1 + n / logins, 'role_' || 1 + n % logins, 'retired', 'sealed',
       now() - n * interval '10 seconds', now() FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l`,
  ],
  [
    'rotations',
    `INSERT INTO jobs (id, organization_id, database_id, project_id, type, state, max_attempts, requested_by, created_at, completed_at)
     SELECT 'job_' || n, '${ORGANIZATION_ID}', 'db_' || 1 + n % logins, 'prj_' || 1 + n % logins,
       (CASE WHEN n % 20 = 0 THEN 'project.verify_connection' ELSE 'project.rotate_credentials' END)::"JobType",
       (CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'completed' END)::"JobState", 4, 'person@example.com', now() - n * interval '10 seconds',
       now() - n * interval '10 seconds' FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l`,
  ],
  [
    'rotations',
    `INSERT INTO rotations (id, organization_id, database_id, job_id, target_key, state, from_credential_id, to_credential_id, requested_by, deadline_at, created_at, finished_at)
     SELECT 'rot_' || n, '${ORGANIZATION_ID}', 'db_' || 1 + n % logins, 'job_' || n, 'key_' || 1 + n % logins,
       (CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'completed' END)::"RotationState", 'old_' || n, 'crd_' || 1 + n % logins, 'person@example.com', now(),
       now() - n * interval '10 seconds', now() - n * interval '10 seconds'
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l`,
  ],
  [
    'rotations',
    `INSERT INTO rotation_steps (organization_id, rotation_id, fence, kind, duration_ms, at)
     SELECT '${ORGANIZATION_ID}', 'rot_' || n, 1, kind, 20, now() - n * interval '10 seconds'
     FROM generate_series(1, $1::int) n, unnest(ARRAY['staged', 'promoted', 'completed']) kind`,
  ],
  [
    'rotations',
    `INSERT INTO consumer_tasks (id, organization_id, rotation_id, project_id, consumer_id, name, kind, done_at, created_at)
     SELECT 'tsk_' || n, '${ORGANIZATION_ID}', 'rot_' || n, 'prj_' || 1 + n % logins, 'con_' || 1 + n % logins, 'nightly job', 'cron_job', now(), now() - n * interval '10 seconds'
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l WHERE n % 10 = 0`,
  ],
  [
    'rotations',
    `INSERT INTO syncs (id, organization_id, integration_id, job_id, version, created_at, finished_at)
     SELECT 'syn_' || n, '${ORGANIZATION_ID}', 'int_' || 1 + n % logins, 'job_' || n, 1, now() - n * interval '10 seconds', now()
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l WHERE n % 10 = 0`,
  ],
  [
    'rotations',
    `INSERT INTO redeployments (id, organization_id, integration_id, state, version, requested_by, created_at, finished_at)
     SELECT 'red_' || n, '${ORGANIZATION_ID}', 'int_' || 1 + n % logins, 'started', 1000000, 'person', now() - n * interval '10 seconds', now()
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l WHERE n % 10 = 0 OR (n <= logins AND n % 2 = 0)`,
  ],
  [
    'rotations',
    `INSERT INTO deployments (id, organization_id, environment_id, number, state, actor, deadline_at, created_at, finished_at)
     SELECT 'dep_' || n, '${ORGANIZATION_ID}', 'env_' || 1 + n % sites, n, 'deployed', 'person', now(), now() - n * interval '10 seconds', now()
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS sites FROM sites) s WHERE n % 10 = 0 OR n % sites = 6`,
  ],
  [
    'rotations',
    `INSERT INTO events (id, organization_id, project_id, type, data, created_at)
     SELECT 'evt_' || n, '${ORGANIZATION_ID}', 'prj_' || 1 + n % logins, 'credentials.rotated', '{}', now() - n % 40000 * interval '1 minute'
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l`,
  ],
  [
    'rotations',
    `INSERT INTO users (id, email, password_hash, updated_at)
     SELECT 'usr_' || n, 'person' || n || '@example.com', '', now() FROM generate_series(1, least($1::int / 100, 1000)) n`,
  ],
  [
    'rotations',
    `INSERT INTO sessions (id, organization_id, user_id, expires_at, created_at)
     SELECT 'ses_' || n, '${ORGANIZATION_ID}', 'usr_' || 1 + n % users, now() - n * interval '1 minute', now() - n * interval '1 minute' - interval '30 days'
     FROM generate_series(1, $1::int / 10) n, (SELECT count(*)::int AS users FROM users) u`,
  ],
  [
    'rotations',
    `INSERT INTO idempotency_keys (organization_id, actor_id, key, request_hash, status, started_at)
     SELECT '${ORGANIZATION_ID}', 'key', n::text, 'hash', 200, now() - n * interval '1 second' FROM generate_series(1, $1::int / 10) n`,
  ],
  [
    'rotations',
    `INSERT INTO departures (id, organization_id, user_id, email, removed_by, requested_by, finished_at, created_at)
     SELECT 'lft_' || n, '${ORGANIZATION_ID}', 'gone_' || n, 'gone' || n || '@example.com', 'owner', 'owner', now(), now() - n * interval '1 hour'
     FROM generate_series(1, $1::int / 100) n`,
  ],
  [
    'rotations',
    `INSERT INTO departure_credentials (organization_id, departure_id, database_id, versions, requested_at, job_id, ended_at)
     SELECT '${ORGANIZATION_ID}', 'lft_' || 1 + n % ($1::int / 100), 'db_' || 1 + n / 10 % logins, '{1}', now(), 'job_' || n, now()
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l WHERE n % 10 = 0 ON CONFLICT DO NOTHING`,
  ],
  [
    'rotations',
    `INSERT INTO campaigns (id, organization_id, name, state, selection, canary, waves, at_once, at_once_per_server, started_by, next_attempt_at, finished_at, updated_at)
     SELECT 'cmp_' || n, '${ORGANIZATION_ID}', 'Campaign ' || n, 'completed', '{}', 0, '{}', 8, 8, 'owner', NULL, now(), now() FROM generate_series(1, $1::int / 100) n`,
  ],
  [
    'rotations',
    `INSERT INTO campaign_logins (organization_id, campaign_id, database_id, project_id, project_name, role_name, server_id, wave, position, job_id, attempts, outcome, ended_at)
     SELECT '${ORGANIZATION_ID}', 'cmp_' || 1 + n / 10 % ($1::int / 100), 'db_' || 1 + n / 10 % logins, 'prj_1', 'shop', 'app', 'srv_1', 0, n, 'job_' || n, 1, 'rotated', now()
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS logins FROM databases) l WHERE n % 10 = 0 ON CONFLICT DO NOTHING`,
  ],
  [
    'rotations',
    `INSERT INTO key_rotations (id, organization_id, key_id, state, requested_by, finished_at)
     SELECT 'key_' || n, '${ORGANIZATION_ID}', 'local', 'completed', 'owner', now() FROM generate_series(1, $1::int / 10) n`,
  ],
  [
    'endpoints',
    `INSERT INTO webhook_endpoints (id, organization_id, url, receiver, event_types, updated_at)
     SELECT 'whk_' || n, '${ORGANIZATION_ID}', 'https://hooks-' || n || '.example.com/', 'hooks-' || n || '.example.com:443', '{*}', now()
     FROM generate_series(1, $1::int) n`,
  ],
  [
    'rotations',
    `INSERT INTO deliveries (id, organization_id, endpoint_id, event_id, state, attempts, max_attempts, delivered_at, created_at)
     SELECT 'dlv_' || n, '${ORGANIZATION_ID}', 'whk_' || 1 + n % endpoints, 'evt_' || n, 'delivered', 1, 8, now(), now() - n % 40000 * interval '1 minute'
     FROM generate_series(1, $1::int) n, (SELECT count(*)::int AS endpoints FROM webhook_endpoints) e`,
  ],
  [
    'rotations',
    `INSERT INTO delivery_attempts (delivery_id, fence, organization_id, number, at, latency_ms, request_headers, response_status)
     SELECT 'dlv_' || n, 1, '${ORGANIZATION_ID}', 1, now(), 20, '{}', 200 FROM generate_series(1, $1::int) n`,
  ],
  [
    'auditRecords',
    `INSERT INTO audit_events (id, organization_id, seq, created_at, action, outcome, actor_id, actor_kind, actor_name, method, project_id, project_name, metadata, previous_hmac, hmac)
     SELECT 'aud_' || n, '${ORGANIZATION_ID}', 1 + n, now() - ($1::int - n) * interval '10 seconds', 'project.credentials_rotated', 'done', 'usr_' || n % 10, 'user',
       'person' || n % 10 || '@example.com', 'session', 'prj_' || n % 1000, 'project ' || n % 1000, '{}', md5(n::text), md5((n + 1)::text)
     FROM generate_series(1, $1::int) n`,
  ],
  ['auditRecords', `UPDATE audit_heads SET seq = 1 + $1::int WHERE organization_id = '${ORGANIZATION_ID}'`],
  [
    'auditRecords',
    `INSERT INTO audit_checks (organization_id, checked_at, walked_at, through_seq, records, unchained, findings, told_at)
     SELECT '${ORGANIZATION_ID}', now(), now(), 1 + $1::int, 1 + $1::int, 0, '[]', now()`,
  ],
  [
    'auditRecords',
    `INSERT INTO audit_checkpoints (organization_id, number, seq, hmac, is_seal, signature, created_at)
     SELECT '${ORGANIZATION_ID}', n, n, 'hmac', false, 'signature', now() FROM generate_series(1, $1::int / 10) n`,
  ],
];

/** Gives each login a password that opens, so that pages which show one have something to show. */
async function sealCurrent(client: pg.Client, logins: number): Promise<void> {
  const ids = Array.from({ length: logins }, (_, n) => `crd_${n + 1}`);
  const secret = { password: new Secret('a password'), verifier: null };
  const sealed = await Promise.all(ids.map((id) => sealCredential({ id, organizationId: ORGANIZATION_ID, version: 1_000_000 }, secret)));
  const statement = 'UPDATE credentials c SET sealed = t.sealed FROM unnest($1::text[], $2::text[]) AS t(id, sealed) WHERE c.id = t.id';
  await client.query(statement, [ids, sealed]);
}

/**
 * Runs `fill` without the indexes that no constraint needs, and makes them again: sorting a million keys once takes a
 * fraction of what adding them one by one does.
 */
async function withoutIndexes(client: pg.Client, fill: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index JOIN pg_class c ON c.oid = indrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
  );
  await client.query(`DROP INDEX ${rows.map(({ name }) => name).join(', ')}`);
  await fill();
  for (const { definition } of rows) await client.query(definition);
}

/**
 * Fills the empty store of this process, as its superuser and past triggers and foreign keys. Nothing in it is due: what
 * a test needs due it makes so.
 */
export async function fillStore(size: StoreSize): Promise<void> {
  await db.organization.create({ data: { id: ORGANIZATION_ID, name: 'Big', slug: 'big' } });
  // The chain begins with a record of its own, so that more can be added to it.
  await db.$transaction((tx) => recordAudit(tx, systemContext(ORGANIZATION_ID), { action: 'project.updated' }));
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    await client.query(`SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'`);
    await withoutIndexes(client, async () => {
      for (const [unit, statement] of STATEMENTS) await client.query(statement, [size[unit]]);
    });
    await sealCurrent(client, size.logins);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}
