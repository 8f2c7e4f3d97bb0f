import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { EnvironmentParams, EnvironmentWithSecretWire, UpdateEnvironmentBody } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { checkHookUrl } from '#lib/outbound/check-hook-url.ts';
import { privateAddressWarning } from '#lib/outbound/private-address-warning.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { keyedTags, setTags } from '#lib/projects/set-tags.ts';
import { takePasswordGuess } from '#lib/projects/take-password-guess.ts';
import { adoptSiteDatabase, readDatabase } from './adopt-site-database.ts';
import { describedColumns } from './described-columns.ts';
import { hookColumns } from './hook-secret.ts';
import { loadEnvironment } from './load-environment.ts';
import { renameProject, siteProjectName } from './site-name.ts';
import { tellEnvironment } from './tell-lifecycle.ts';
import { environmentToWire } from './to-wire.ts';

/**
 * Changes what is named. A database may be given where none is configured; another hook gets another secret, which is
 * in this answer alone.
 * @throws {DomainError} not_found, forbidden for a key that may not read the password, validation_failed naming the field, conflict, rotation_in_progress
 */
export async function updateEnvironment(context: Context, params: EnvironmentParams, body: UpdateEnvironmentBody): Promise<EnvironmentWithSecretWire> {
  checkHookUrl(body.deploy_hook_url);
  // The hook that is called fetches the password and the secrets.
  if (body.deploy_hook_url) authorize(context, 'credentials.read');
  const target = body.database && readDatabase(body.database);
  if (target) await takePasswordGuess(context, target.direct);
  const { id, adopted, secret, told } = await db.$transaction(async (tx) => {
    // One at a time in an organization, as adoptions are: two at once would make the same name or id twice.
    await tx.$queryRaw`SELECT FROM organizations WHERE id = ${context.organizationId} FOR NO KEY UPDATE`;
    const row = await loadEnvironment(context, params, tx);
    const name = body.name ?? row.name;
    const isProduction = body.is_production ?? row.isProduction;
    if (target && row.project) throw new DomainError('conflict', 'A database is configured. Change it in the Settings of its project; nothing was changed.');
    if (await tx.siteEnvironment.findFirst({ where: { siteId: row.siteId, name, id: { not: row.id } }, select: { id: true } }))
      throw invalidField('name', 'The site already has an environment of this name.');
    const place = { name: siteProjectName(row.site, name), environment: isProduction ? 'production' : 'non_production' } as const;
    const project = target ? await adoptSiteDatabase(tx, context, target, place) : null;
    const hook = body.deploy_hook_url === undefined ? null : await hookColumns(row, body.deploy_hook_url);
    await renameProject(tx, row.projectId, siteProjectName(row.site, row.name), place.name);
    await tx.siteEnvironment.update({
      where: { id: row.id },
      data: { name, isProduction, ...describedColumns(body), ...(project && { projectId: project.id }), ...hook?.columns },
    });
    const tagged = project ? { id: project.id, organizationId: context.organizationId, databaseId: project.databaseId } : row.project;
    if (body.tags !== undefined && tagged) await setTags(tx, tagged, keyedTags(body.tags));
    await recordAudit(tx, context, {
      action: 'environment.updated',
      ...(row.projectId !== null && { projectId: row.projectId }),
      metadata: { environment_id: publicId(row), site_id: publicId(row.site), name, fields: Object.keys(body) },
    });
    const told = await tellEnvironment(tx, context, 'updated', await loadEnvironment(context, { environmentId: row.id }, tx));
    return { id: row.id, adopted: project, secret: hook?.secret, told };
  });
  await wakeDeliveries(told);
  if (adopted) wakeVerification(adopted.jobId, adopted.login);
  const wire = environmentToWire(await loadEnvironment(context, { environmentId: id }));
  const warning = body.deploy_hook_url ? await privateAddressWarning(body.deploy_hook_url) : null;
  return { ...wire, ...(secret && { deploy_hook_secret: secret.reveal() }), ...(warning && { deploy_hook_warning: warning }) };
}
