import type { Database, ProjectEnvironment } from '#generated/prisma/client.ts';
import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { insertVerification } from '#lib/logins/insert-verification.ts';
import { createLogin, findLogin } from './adopt-login.ts';
import { urlColumns } from './login-facts.ts';
import { makeSlug } from './make-slug.ts';
import type { Target } from './read-target.ts';
import { setTags } from './set-tags.ts';

interface NewProject {
  name: string;
  slug?: string | undefined;
  environment?: ProjectEnvironment | undefined;
  allows_md5?: boolean | undefined;
  tags?: Record<string, string> | undefined;
}

export interface AdoptedProject {
  id: string;
  databaseId: string;
  /** The job that proves the login: wake it once the transaction has committed. */
  jobId: string;
  login: Database;
}

/**
 * Adopts a running database inside the transaction of whoever needs it: its login and project, and the job that
 * proves the login. Nothing on the server changes.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress where the login is known and being rotated
 */
export async function adoptProject(
  tx: Tx,
  context: Context,
  target: Target,
  { name, slug: wanted, environment, allows_md5: allowsMd5, tags }: NewProject,
): Promise<AdoptedProject> {
  const { organizationId } = context;
  if (target.rotator) authorize(context, 'servers.manage');
  // One adoption at a time in an organization: two at once would make the same login or slug twice.
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
  const known = await findLogin(tx, organizationId, target);
  if (known && allowsMd5 !== undefined && allowsMd5 !== known.allowsMd5)
    throw invalidField('allows_md5', 'Another project uses this login with the other choice. Change it under Settings there, or leave it out.');
  const database = known ?? (await createLogin(tx, organizationId, target));
  if (!known && allowsMd5) await tx.database.update({ where: { id: database.id }, data: { allowsMd5 } });
  const slug = await makeSlug(tx, organizationId, name, wanted);
  const project = { id: newId('prj'), organizationId, databaseId: database.id, name, slug, ...urlColumns(target) };
  await tx.project.create({ data: { ...project, ...(environment && { environment }) } });
  if (tags) await setTags(tx, project, tags);
  await recordAudit(tx, context, {
    action: 'project.adopted',
    projectId: project.id,
    metadata: {
      name,
      slug,
      host: database.host,
      port: database.directPort,
      database: target.direct.database,
      role_name: database.roleName,
      ...(allowsMd5 && { allows_md5: true }),
    },
  });
  return { id: project.id, databaseId: database.id, jobId: await insertVerification(tx, context, project), login: database };
}
