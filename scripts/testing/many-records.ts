// Fills an audit log by SQL alone, far faster than acts would: for tests and measurements of its size, not of its chain.
import { db } from '#lib/kernel/db.ts';

const ACTIONS = ['project.connection_viewed', 'project.credentials_rotated', 'project.rotation_requested', 'session.created', 'project.updated'];

/** A single statement for all of them would take longer than the store may be silent. */
const BATCH = 50_000;

/** Adds `count` records, a second apart, of ten people in a hundred projects; one in a thousand is refused. */
export async function addManyRecords(organizationId: string, count: number): Promise<void> {
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`ALTER TABLE audit_events DISABLE TRIGGER ALL`;
      for (let first = 1; first <= count; first += BATCH) {
        await tx.$executeRaw`
          INSERT INTO audit_events (id, organization_id, seq, created_at, action, outcome, actor_id, actor_kind, actor_name, method, address, request_id,
            project_id, project_name, target_type, target_name, metadata, previous_hmac, hmac)
          SELECT 'aud_' || ${organizationId} || n, ${organizationId}, n, timestamptz '2026-01-01' + n * interval '1 second',
            (${ACTIONS}::text[])[1 + n % 5], (CASE WHEN n % 1000 = 0 THEN 'refused' ELSE 'done' END)::"AuditOutcome", 'usr_' || n % 10, 'user',
            'person' || n % 10 || '@example.com', 'session', '10.0.' || n % 7 || '.' || n % 250, 'req_' || md5(n::text),
            'prj_' || n % 100, 'project ' || n % 100, 'database', 'login_' || n % 500, '{"job_id": "job"}', md5(n::text), md5((n + 1)::text)
          FROM generate_series(${first}::int, ${Math.min(first + BATCH - 1, count)}::int) n`;
      }
      await tx.$executeRaw`ALTER TABLE audit_events ENABLE TRIGGER ALL`;
    },
    { timeout: 600_000 },
  );
  await db.$executeRaw`VACUUM ANALYZE audit_events`;
}
