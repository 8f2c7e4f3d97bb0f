import { Prisma } from '#generated/prisma/client.ts';
import { db, planAnew } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';

/** Rows in one statement: nobody waits long for one of them. */
const BATCH = 500;

/** How long what has ended is kept, in days; 0: for ever. */
export interface Retention {
  /** Rotations, with their job, steps and tasks, the records of the passwords that they replaced, and campaigns. */
  rotationDays: number;
  /** Other jobs, syncs, redeployments and imports. */
  jobDays: number;
  /** The retired passwords themselves; their record stays. */
  passwordDays: number;
  sessionDays: number;
}

const retention = (): Retention => ({
  rotationDays: env.REKEY_RETENTION_ROTATION_DAYS,
  jobDays: env.REKEY_RETENTION_JOB_DAYS,
  passwordDays: env.REKEY_RETENTION_PASSWORD_DAYS,
  sessionDays: env.REKEY_RETENTION_SESSION_DAYS,
});

const before = (days: number): Prisma.Sql => Prisma.sql`now() - make_interval(days => ${days}::int)`;

/**
 * Whether nothing needs a job any more. What is shown as the latest of a login or an integration stays, and so does the
 * rotation behind each password that still counts, a task that nobody has ticked off, and what something live waits for.
 */
const IS_DONE_WITH = Prisma.sql`
  NOT EXISTS (SELECT FROM databases d WHERE d.id = j.database_id AND d.latest_job_id = j.id)
  AND NOT EXISTS (
    SELECT FROM rotations r LEFT JOIN credentials c ON c.id IN (r.to_credential_id, r.from_credential_id) AND c.state <> 'retired'
    WHERE r.job_id = j.id AND (r.finished_at IS NULL OR r.rescan_at IS NOT NULL OR c.id = r.to_credential_id OR c.state = 'retiring'
      OR EXISTS (SELECT FROM consumer_tasks t WHERE t.rotation_id = r.id AND t.done_at IS NULL)))
  AND NOT EXISTS (
    SELECT FROM syncs s WHERE s.job_id = j.id AND (s.finished_at IS NULL
      OR NOT EXISTS (SELECT FROM syncs n WHERE n.integration_id = s.integration_id AND n.created_at > s.created_at)))
  AND NOT EXISTS (SELECT FROM deployments p WHERE p.job_id = j.id AND p.state IN ('pending', 'deploying'))
  AND NOT EXISTS (SELECT FROM departure_credentials l WHERE l.job_id = j.id AND l.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM campaign_logins l WHERE l.job_id = j.id AND l.ended_at IS NULL)`;

const IS_ROTATION = Prisma.sql`j.type IN ('project.rotate_credentials', 'credential.retire')`;

/** Takes their rotation, steps, tasks and sync with them. */
const deleteJobs = (which: Prisma.Sql, days: number): Prisma.Sql => Prisma.sql`${planAnew}
  DELETE FROM jobs WHERE id = ANY(ARRAY(
    SELECT j.id FROM jobs j WHERE j.completed_at < ${before(days)} AND j.state IN ('completed', 'failed') AND ${which} AND ${IS_DONE_WITH}
    ORDER BY j.completed_at LIMIT ${BATCH} FOR UPDATE OF j SKIP LOCKED))`;

/** The newest of each integration is shown. */
const deleteRedeployments = (days: number): Prisma.Sql => Prisma.sql`${planAnew}
  DELETE FROM redeployments WHERE id = ANY(ARRAY(
    SELECT r.id FROM redeployments r WHERE r.finished_at < ${before(days)}
      AND EXISTS (SELECT FROM redeployments n WHERE n.integration_id = r.integration_id AND n.created_at > r.created_at)
    ORDER BY r.finished_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

/** With their rows. */
const deleteImports = (days: number): Prisma.Sql => Prisma.sql`${planAnew}
  DELETE FROM imports WHERE id = ANY(ARRAY(
    SELECT i.id FROM imports i WHERE i.finished_at < ${before(days)} ORDER BY i.finished_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

/** With their list of logins. One that was stopped has not ended: a person may resume it. */
const deleteCampaigns = (days: number): Prisma.Sql => Prisma.sql`${planAnew}
  DELETE FROM campaigns WHERE id = ANY(ARRAY(
    SELECT c.id FROM campaigns c WHERE c.finished_at < ${before(days)} ORDER BY c.finished_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

/** `updated_at` stays: it tells when the password was retired. */
const erasePasswords = (days: number): Prisma.Sql => Prisma.sql`${planAnew}
  UPDATE credentials SET sealed = '' WHERE id = ANY(ARRAY(
    SELECT c.id FROM credentials c WHERE c.state = 'retired' AND c.sealed <> '' AND c.updated_at < ${before(days)}
    ORDER BY c.updated_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

/** Only older than the current version: the next one's number comes after the highest. */
const deleteCredentials = (days: number): Prisma.Sql => Prisma.sql`${planAnew}
  DELETE FROM credentials WHERE id = ANY(ARRAY(
    SELECT c.id FROM credentials c WHERE c.state = 'retired' AND c.sealed = '' AND c.updated_at < ${before(days)}
      AND EXISTS (SELECT FROM credentials n WHERE n.database_id = c.database_id AND n.state = 'current' AND n.version > c.version)
      AND NOT EXISTS (SELECT FROM rotations r WHERE r.from_credential_id = c.id) AND NOT EXISTS (SELECT FROM rotations r WHERE r.to_credential_id = c.id)
      AND NOT EXISTS (SELECT FROM deployments p WHERE p.credential_id = c.id)
    ORDER BY c.updated_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

const deleteSessions = (days: number): Prisma.Sql => Prisma.sql`${planAnew}
  DELETE FROM sessions WHERE id = ANY(ARRAY(
    SELECT s.id FROM sessions s WHERE s.expires_at < ${before(days)} ORDER BY s.expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

async function inBatches(statement: Prisma.Sql): Promise<number> {
  for (let done = 0; ; ) {
    const count = await db.$executeRaw(statement);
    done += count;
    if (count < BATCH) return done;
  }
}

/** Forgets what ended longer ago than it is kept, in small batches. Returns how many rows of each kind; the audit log is never touched. */
export async function pruneHistory(
  kept: Retention = retention(),
): Promise<Record<'rotations' | 'jobs' | 'redeployments' | 'imports' | 'campaigns' | 'passwords' | 'credentials' | 'sessions', number>> {
  const { rotationDays, jobDays, passwordDays, sessionDays } = kept;
  const prune = (days: number, statement: Prisma.Sql) => (days === 0 ? 0 : inBatches(statement));
  return {
    rotations: await prune(rotationDays, deleteJobs(IS_ROTATION, rotationDays)),
    jobs: await prune(jobDays, deleteJobs(Prisma.sql`NOT (${IS_ROTATION})`, jobDays)),
    redeployments: await prune(jobDays, deleteRedeployments(jobDays)),
    imports: await prune(jobDays, deleteImports(jobDays)),
    campaigns: await prune(rotationDays, deleteCampaigns(rotationDays)),
    passwords: await prune(passwordDays, erasePasswords(passwordDays)),
    credentials: await prune(rotationDays, deleteCredentials(rotationDays)),
    sessions: await prune(sessionDays, deleteSessions(sessionDays)),
  };
}
