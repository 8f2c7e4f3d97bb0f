import type { Prisma } from '#generated/prisma/client.ts';
import type { ListQuery } from '#lib/contract/common.ts';
import type { DepartureListWire, DepartureWire, SeenStateWire } from '#lib/contract/member.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import { seenCredentials } from './seen-credentials.ts';

export const DEPARTURE_PARTS = {
  credentials: {
    orderBy: { databaseId: 'asc' },
    include: {
      job: { select: { state: true, error: true, errorCode: true } },
      database: {
        select: {
          roleName: true,
          projects: { orderBy: { createdAt: 'asc' }, take: 1, select: { id: true, name: true, siteEnvironment: { select: { id: true } } } },
          credentials: { where: { state: { in: ['current', 'retiring', 'suspect'] } }, select: { version: true } },
        },
      },
    },
  },
} as const satisfies Prisma.DepartureInclude;
export type DepartureRow = Prisma.DepartureGetPayload<{ include: typeof DEPARTURE_PARTS }>;
export type SeenRow = DepartureRow['credentials'][number];

/** Why a rotation that is done has not ended what was seen yet. */
export const AWAITS_DEPLOYMENT = 'awaits_deployment';

/** Whether the server may still accept what was seen. */
export const stillCounts = ({ versions, database }: SeenRow): boolean => database.credentials.some(({ version }) => versions.includes(version));

/** Whether the rotation requested for it has ended. */
export const hasEnded = ({ job }: SeenRow): boolean => job?.state === 'completed' || job?.state === 'failed';

/** A departure of the organization. Throws not_found. */
export async function loadDeparture({ organizationId }: Pick<Context, 'organizationId'>, id: string, tx: Tx = db): Promise<DepartureRow> {
  const row = await tx.departure.findFirst({ where: { id, organizationId }, include: DEPARTURE_PARTS });
  if (!row) throw notFound('departure');
  return row;
}

/** How a password that was seen stands. */
function stateOf(row: SeenRow): SeenStateWire {
  if (!stillCounts(row)) return 'rotated';
  if (row.requestedAt === null) return 'open';
  if (row.endedAt !== null) return row.errorCode === AWAITS_DEPLOYMENT ? 'awaits_deployment' : 'failed';
  return row.jobId === null ? 'waiting' : 'rotating';
}

/** A departure as the API shows it: its progress is counted from what is true now. */
export function departureToWire(row: DepartureRow): DepartureWire {
  const credentials = row.credentials.map((one) => {
    const [project] = one.database.projects;
    const state = stateOf(one);
    return {
      database_id: one.databaseId,
      role_name: one.database.roleName,
      project_id: project?.id ?? null,
      project_name: project?.name ?? null,
      versions: one.versions,
      state,
      job_id: one.jobId,
      error_code: state === 'failed' ? one.errorCode : null,
    };
  });
  const count = (...states: SeenStateWire[]) => credentials.filter(({ state }) => states.includes(state)).length;
  return {
    id: row.id,
    organization_id: row.organizationId,
    user_id: row.userId,
    email: row.email,
    removed_by: row.removedBy,
    requested_by: row.requestedBy,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    total: credentials.length,
    rotated: count('rotated'),
    running: count('waiting', 'rotating'),
    failed: count('failed'),
    credentials,
  };
}

/** How the rotations of what a removed member had seen are getting on. Throws not_found. */
export const getDeparture = async (context: Context, id: string): Promise<DepartureWire> => departureToWire(await loadDeparture(context, id));

const MOST = 50;
const WEEK_MS = 7 * 86_400_000;

/**
 * Removals of members who had seen passwords, newest first. Without `limit` the last ones: those of a week, and older
 * ones that left something open. With it all of them, page by page.
 */
export async function listDepartures({ organizationId }: Context, query: ListQuery = {}): Promise<DepartureListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const found = await db.departure.findMany({ where: { organizationId, ...where }, include: DEPARTURE_PARTS, take: MOST, ...page });
  const { rows, next } = cutPage(found, query, ({ id }) => id);
  const departures = rows.map(departureToWire);
  if (query.limit !== undefined) return { departures, ...next };
  const isOld = ({ created_at: at }: DepartureWire) => storeTime().getTime() - new Date(at).getTime() > WEEK_MS;
  return { departures: departures.filter((one) => one.rotated < one.total || (one.total > 0 && !isOld(one))) };
}

/** Writes down, with a member's removal, what they have seen that still counts. Null where that is nothing. */
export async function openDeparture(tx: Tx, context: Context, who: { userId: string; email: string }): Promise<string | null> {
  const { organizationId, actor } = context;
  const seen = await seenCredentials(tx, context, [who.userId]);
  if (seen.length === 0) return null;
  const id = newId('dep');
  await tx.departure.create({ data: { id, organizationId, ...who, removedBy: actor.name } });
  const rows = seen.map(({ databaseId, versions }) => ({ organizationId, departureId: id, databaseId, versions }));
  await tx.departureCredential.createMany({ data: rows });
  return id;
}
