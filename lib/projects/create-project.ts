import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { JobWire } from '#lib/http/wire/job.ts';
import type { CreateProjectBody, ProjectWire } from '#lib/http/wire/project.ts';
import { newId } from '#lib/ids.ts';
import { getJob } from '#lib/jobs/get-job.ts';
import { insertVerification, wakeVerification } from '#lib/rotation/request-verification.ts';
import { adoptDatabase } from './adopt-database.ts';
import { adoptServer } from './adopt-server.ts';
import { getProject } from './get-project.ts';
import { makeSlug } from './make-slug.ts';
import { readTarget } from './read-target.ts';

/**
 * Adopts a running database: keeps its login and starts the job that proves it. Nothing on the server changes.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress where the login is known and being rotated
 */
export async function createProject(context: Context, body: CreateProjectBody): Promise<{ project: ProjectWire; job: JobWire }> {
  const { organizationId } = context;
  if (body.organization_id !== undefined && body.organization_id !== organizationId) throw notFound('organization');
  const target = readTarget(body);
  const id = newId('prj');
  const jobId = await db.$transaction(async (tx) => {
    // One adoption at a time in an organization: two at once would make the same server or slug twice.
    await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
    const server = await adoptServer(tx, organizationId, target);
    const database = await adoptDatabase(tx, server, target.direct);
    const slug = await makeSlug(tx, organizationId, body.name, body.slug);
    const project = { id, organizationId, databaseId: database.id, databaseName: target.direct.database, name: body.name, slug };
    await tx.project.create({ data: { ...project, ...(body.environment && { environment: body.environment }) } });
    await recordAudit(tx, context, {
      action: 'project.adopted',
      projectId: id,
      metadata: { name: body.name, slug, host: server.host, port: server.directPort, database: target.direct.database, role_name: database.roleName },
    });
    return insertVerification(tx, context, project);
  });
  wakeVerification(jobId, { host: target.direct.host, directPort: target.direct.port });
  const [project, job] = await Promise.all([getProject(context, id), getJob(context, jobId)]);
  return { project, job };
}
