import type { Prisma } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import { decodeCursor, encodeCursor } from '#lib/http/cursor.ts';
import type { AuditEventWire, AuditQuery } from '#lib/http/wire/account.ts';

interface Page {
  audit_events: AuditEventWire[];
  next_cursor?: string;
}

function filters({ action, actor, from, to }: AuditQuery): Prisma.AuditEventWhereInput {
  return {
    ...(action !== undefined && { action }),
    ...(actor !== undefined && { OR: [{ actorId: actor }, { actorName: actor }] }),
    ...((from !== undefined || to !== undefined) && { createdAt: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) } }),
  };
}

/** Rows strictly after a position in the order (createdAt desc, id desc). */
function after(cursor: string | undefined): Prisma.AuditEventWhereInput {
  if (cursor === undefined) return {};
  const { createdAt, id } = decodeCursor(cursor);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

/** Who did what, newest first: of one project, or of all the actor may see. Throws not_found for an unknown project. */
export async function listAuditEvents(context: Context, query: AuditQuery, projectId?: string): Promise<Page> {
  const visible = visibleProjects(context);
  if (projectId !== undefined && !(await db.project.findFirst({ where: { AND: [visible, { id: projectId }] }, select: { id: true } })))
    throw notFound('project');
  const only = projectId ?? visible.id;
  const rows = await db.auditEvent.findMany({
    where: { AND: [{ organizationId: context.organizationId, ...(only !== undefined && { projectId: only }) }, filters(query), after(query.cursor)] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    audit_events: page.map((row) => ({
      id: row.id,
      organization_id: row.organizationId,
      project_id: row.projectId,
      action: row.action,
      actor_id: row.actorId,
      actor_kind: row.actorKind,
      actor_name: row.actorName,
      address: row.address,
      created_at: row.createdAt.toISOString(),
      metadata: row.metadata as Record<string, unknown>,
    })),
    ...(rows.length > query.limit && last && { next_cursor: encodeCursor(last) }),
  };
}
