import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { type CreateEnvironmentBody, type EnvironmentWithSecretWire, isProductionByName } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { checkHookUrl } from '#lib/outbound/check-hook-url.ts';
import { privateAddressWarning } from '#lib/outbound/private-address-warning.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { keyedTags } from '#lib/projects/set-tags.ts';
import { takePasswordGuess } from '#lib/projects/take-password-guess.ts';
import { adoptSiteDatabase, readDatabase } from './adopt-site-database.ts';
import { describedColumns } from './described-columns.ts';
import { hookColumns } from './hook-secret.ts';
import { loadEnvironment } from './load-environment.ts';
import { loadSite, named } from './load-site.ts';
import { siteProjectName } from './site-name.ts';
import { tellEnvironment } from './tell-lifecycle.ts';
import { environmentToWire } from './to-wire.ts';

/**
 * Adds an environment to a site, with its database where one is given: its login is then proven by a job. The secret
 * that signs calls of its deploy hook is in this answer alone.
 * @throws {DomainError} not_found, forbidden for a key that may not read the password, validation_failed naming the field, rotation_in_progress
 */
export async function createEnvironment(context: Context, siteId: string, body: CreateEnvironmentBody): Promise<EnvironmentWithSecretWire> {
  const { organizationId } = context;
  checkHookUrl(body.deploy_hook_url);
  // The hook that is called fetches the password and the secrets.
  if (body.deploy_hook_url) authorize(context, 'credentials.read');
  const target = body.database && readDatabase(body.database);
  if (target) await takePasswordGuess(context, target.direct);
  const id = newId('env');
  const { adopted, secret, told } = await db.$transaction(async (tx) => {
    // One at a time in an organization, as adoptions are: two at once would make the same name or id twice.
    await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
    const site = await loadSite(context, siteId, tx);
    if (site.environments.some(({ name }) => name === body.name)) throw invalidField('name', 'The site already has an environment of this name.');
    const externalId = body.id ?? null;
    if (externalId !== null && (await tx.siteEnvironment.findFirst({ where: named(context, externalId), select: { id: true } })))
      throw invalidField('id', 'Another environment has this id. Leave it out, or use the id that this one has on its platform.');
    const isProduction = body.is_production ?? isProductionByName(body.name);
    const place = {
      name: siteProjectName(site, body.name),
      environment: isProduction ? ('production' as const) : ('non_production' as const),
      tags: keyedTags(body.tags ?? []),
    };
    const project = target ? await adoptSiteDatabase(tx, context, target, place) : null;
    const hook = await hookColumns({ id, organizationId, hookSecretVersion: 0 }, body.deploy_hook_url ?? null);
    const data = { id, organizationId, externalId, siteId: site.id, projectId: project?.id ?? null, name: body.name, isProduction };
    await tx.siteEnvironment.create({ data: { ...data, ...describedColumns(body), ...hook.columns } });
    await recordAudit(tx, context, {
      action: 'environment.created',
      ...(project && { projectId: project.id }),
      metadata: { environment_id: externalId ?? id, site_id: publicId(site), name: body.name },
    });
    const told = await tellEnvironment(tx, context, 'created', await loadEnvironment(context, { environmentId: id }, tx));
    return { adopted: project, secret: hook.secret, told };
  });
  await wakeDeliveries(told);
  if (adopted) wakeVerification(adopted.jobId, adopted.login);
  const wire = environmentToWire(await loadEnvironment(context, { environmentId: id }));
  const warning = body.deploy_hook_url ? await privateAddressWarning(body.deploy_hook_url) : null;
  return { ...wire, ...(secret && { deploy_hook_secret: secret.reveal() }), ...(warning && { deploy_hook_warning: warning }) };
}
