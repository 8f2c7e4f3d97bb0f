import pLimit, { type LimitFunction } from 'p-limit';
import { type ImportRow, Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { RowFault } from '#lib/contract/import-file.ts';
import { tags as tagsSchema } from '#lib/contract/project.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { backoffMs } from '#lib/logins/limits.ts';
import { choosePolicy } from '#lib/policies/project-policy.ts';
import { type AdoptedProject, adoptProject } from '#lib/projects/adopt-project.ts';
import type { Target } from '#lib/projects/read-target.ts';
import { attemptWork, ClaimLost, holdClaim, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import { IN_ALL, PER_SERVER } from './check-import.ts';
import { countRows } from './get-import.ts';
import { alreadyHere, findKnownLogins, loginKeyOf, type NamedRow } from './judge-rows.ts';
import { targetOfRow } from './read-row.ts';
import { openRow } from './seal-row.ts';
import { tryLogin } from './try-login.ts';

/** The same login of the same server under another address, by what the server says it is. */
async function findTwin(tx: Tx, row: ImportRow, role: string, identity: string | null): Promise<NamedRow | null> {
  if (identity === null) return null;
  const { organizationId } = row;
  const adopted = await tx.project.findFirst({
    where: { organizationId, database: { roleName: role, server: { identity } } },
    select: { id: true, name: true },
    orderBy: { createdAt: 'asc' },
  });
  if (adopted) return adopted;
  // One that an import has just added is put with its server by its first connection check.
  const imported = await tx.importRow.findMany({
    where: { organizationId, serverIdentity: identity, state: 'imported', projectId: { not: null } },
    select: { projectId: true },
  });
  return tx.project.findFirst({
    where: { organizationId, id: { in: imported.flatMap(({ projectId }) => projectId ?? []) }, database: { roleName: role } },
    select: { id: true, name: true },
  });
}

/**
 * Ends a pending row whose login was accepted, in the transaction of its claim: adopts it, or says which project has it.
 * Returns the project whose connection check is to be woken after the commit.
 */
async function landRow(tx: Tx, row: ImportRow, target: Target, identity: string | null): Promise<AdoptedProject | null> {
  const context = systemContext(row.organizationId);
  // As every adoption: what is found here is still so when the project is made.
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${row.organizationId} FOR NO KEY UPDATE`;
  const { direct } = target;
  const known = (await findKnownLogins(context, [direct.host], tx)).get(loginKeyOf(direct)) ?? (await findTwin(tx, row, direct.user, identity));
  const ended = { sealed: '', endedAt: storeTime(), serverIdentity: identity };
  if (known) {
    const { field, text } = alreadyHere(known);
    await tx.importRow.update({ where: { id: row.id }, data: { ...ended, state: 'already_here', reasons: [{ field, text }], projectId: known.id } });
    return null;
  }
  const adopted = await adoptProject(tx, context, target, { name: row.name ?? direct.user, tags: tagsSchema.parse(row.tags) });
  if (row.policyId !== null) await choosePolicy(tx, context, { projectId: adopted.id, databaseId: adopted.databaseId, roleName: direct.user }, row.policyId);
  await tx.importRow.update({ where: { id: row.id }, data: { ...ended, state: 'imported', projectId: adopted.id } });
  return adopted;
}

/** Rows that are started together. */
const BATCH = 64;
/** One claim goes on for so long: a worker that stops waits for it, and what it wrote resets the wait after a crash. */
const SLICE_MS = 5_000;
/** Rounds after which the rows of a server that does not answer fail. */
const MOST_FAILURES = 3;
/** A server that does not answer is given ten times the usual wait. */
const PATIENCE = 10;
/** Attempts after which a row that meets an internal error fails. */
const MOST_ATTEMPTS = 5;

/** State of one claim of an import. */
interface Slice {
  claim: SharedClaim;
  inAll: LimitFunction;
  perServer: Map<string, LimitFunction>;
  /** Servers that did not answer: their other rows wait for the next round with them. */
  unavailable: Set<string>;
}

/**
 * Continues an import: tries the login of each row and adopts it. A row ends in the transaction that creates its
 * project, so it is imported once however often a worker is killed. May be called at any time, by any number of workers.
 * Returns whether there is more to do at once.
 */
export async function runImport(id: string, workerId: string): Promise<boolean> {
  return (await attemptWork('import.run', id, workerId, run)) ?? false;
}

async function run(claim: SharedClaim): Promise<boolean> {
  const slice: Slice = { claim, inAll: pLimit(IN_ALL), perServer: new Map(), unavailable: new Set() };
  const until = performance.now() + SLICE_MS;
  let rows = await takeRows(claim);
  while (rows.length > 0) {
    await allDone(rows.map((row) => inTurn(slice, row)));
    if (performance.now() >= until) break;
    rows = await takeRows(claim);
  }
  await settle(claim);
  return rows.length > 0;
}

/** Waits for all of them, and throws the first failure. */
async function allDone(steps: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(steps)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Rows to try now, fewest attempts first: what was in progress when a worker died goes behind the others. */
const takeRows = ({ id }: SharedClaim): Promise<ImportRow[]> =>
  db.$transaction(async (tx) => {
    const taken = await tx.$queryRaw<{ id: string }[]>`
      UPDATE import_rows SET attempts = attempts + 1 WHERE id = ANY(ARRAY(
        SELECT id FROM import_rows WHERE import_id = ${id} AND state = 'pending' AND next_attempt_at <= now() ORDER BY attempts, line LIMIT ${BATCH}))
      RETURNING id`;
    return tx.importRow.findMany({ where: { id: { in: taken.map((row) => row.id) }, state: 'pending' }, orderBy: { line: 'asc' } });
  });

function inTurn(slice: Slice, row: ImportRow): Promise<void> {
  const key = row.serverKey ?? '';
  const limit = slice.perServer.get(key) ?? pLimit(PER_SERVER);
  slice.perServer.set(key, limit);
  return limit(() => slice.inAll(() => step(slice, row).catch((error: unknown) => recover(slice, row, error))));
}

/** A row that meets an internal error is tried again after the wait of the claim, and fails in the end: it must not keep an import from ending. */
async function recover(slice: Slice, row: ImportRow, error: unknown): Promise<void> {
  if (error instanceof ClaimLost) throw error;
  if (error instanceof DomainError) return end(slice, row, { field: 'row', text: error.message });
  log.error({ import: row.importId, line: row.line, error: describeError(error) }, 'import of a row failed');
  if (row.attempts < MOST_ATTEMPTS) throw error;
  return end(slice, row, { field: 'row', text: 'Internal error. Nothing was changed. Import the row again.' });
}

async function step(slice: Slice, row: ImportRow): Promise<void> {
  // The rows of this server were postponed together.
  if (slice.unavailable.has(row.serverKey ?? '')) return;
  let urls: Awaited<ReturnType<typeof openRow>>;
  try {
    urls = await openRow(row);
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    return end(slice, row, { field: 'row', text: 'The stored URL of this row cannot be decrypted. Import the row again.' });
  }
  const target = targetOfRow(urls);
  const trial = await tryLogin(row.organizationId, target);
  await failpoint('import.tried');
  switch (trial.result) {
    case 'accepted': {
      const landed = await write(slice, row, (tx) => landRow(tx, row, target, trial.identity));
      if (landed) wakeAdopted(landed);
      return;
    }
    case 'failed':
      return end(slice, row, trial.fault);
    case 'unavailable':
      return putOffServer(slice, row, trial.fault);
    case 'limited':
      await write(slice, row, (tx) => tx.importRow.update({ where: { id: row.id }, data: { nextAttemptAt: storeTime(trial.retryAfterSeconds * 1_000) } }));
  }
}

const wakeAdopted = ({ jobId, login }: AdoptedProject): void => wakeVerification(jobId, login);

/** A write that counts only under the claim, and once: null where the row has ended. */
const write = <T>({ claim }: Slice, { id }: ImportRow, change: (tx: Tx) => Promise<T>): Promise<T | null> =>
  db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    const pending = await tx.$queryRaw<unknown[]>`SELECT FROM import_rows WHERE id = ${id} AND state = 'pending' FOR UPDATE`;
    return pending.length === 0 ? null : change(tx);
  });

/** Ends a row that cannot be imported. */
async function end(slice: Slice, row: ImportRow, { field, text }: RowFault): Promise<void> {
  const data = { state: 'failed', reasons: [{ field, text }], sealed: '', endedAt: storeTime() } as const;
  await write(slice, row, (tx) => tx.importRow.update({ where: { id: row.id }, data }));
}

/** All rows of a server that does not answer wait together, and fail together after three rounds: each alone would take hours. */
async function putOffServer(slice: Slice, row: ImportRow, { field, text }: RowFault): Promise<void> {
  const { serverKey, importId, failures } = row;
  if (slice.unavailable.has(serverKey ?? '')) return;
  slice.unavailable.add(serverKey ?? '');
  const failed = failures + 1;
  const isOver = failed >= MOST_FAILURES;
  const reasons = JSON.stringify([{ field, text: `${text} Tried ${MOST_FAILURES} times, with line ${row.line}.` }]);
  await write(slice, row, (tx) =>
    tx.$executeRaw(
      isOver
        ? Prisma.sql`UPDATE import_rows SET state = 'failed', sealed = '', reasons = ${reasons}::jsonb, ended_at = now()
            WHERE import_id = ${importId} AND state = 'pending' AND server_key = ${serverKey}`
        : Prisma.sql`UPDATE import_rows SET failures = ${failed}, next_attempt_at = now() + make_interval(secs => ${(PATIENCE * backoffMs(failed)) / 1_000}::float8)
            WHERE import_id = ${importId} AND state = 'pending' AND server_key = ${serverKey}`,
    ),
  );
}

/** Lets others go on; once no row is pending it says so, once. */
async function settle(claim: SharedClaim): Promise<void> {
  await db.$transaction(async (tx) => {
    await settleClaim(tx, claim);
    const [row] = await tx.$queryRaw<{ id: string; organizationId: string; name: string }[]>`
      SELECT id, organization_id AS "organizationId", name FROM imports i WHERE id = ${claim.id} AND finished_at IS NULL
        AND NOT EXISTS (SELECT FROM import_rows r WHERE r.import_id = i.id AND r.state = 'pending') FOR UPDATE`;
    if (!row) return;
    const { id, organizationId, name } = row;
    const counts = (await countRows([id], tx)).get(id);
    await tx.import.update({ where: { id }, data: { finishedAt: storeTime() } });
    await recordAudit(tx, systemContext(organizationId), {
      action: 'import.completed',
      ...(counts && counts.failed > 0 && { outcome: 'failed' as const }),
      target: { type: 'import', id, name },
      metadata: { import_id: id, name, imported: counts?.imported ?? 0, already_here: counts?.already_here ?? 0, failed: counts?.failed ?? 0 },
    });
  });
}
