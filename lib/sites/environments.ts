import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import {
  type CreateEnvironmentBody,
  type EnvironmentParams,
  type EnvironmentWire,
  type EnvironmentWithSecretWire,
  isProductionByName,
  type UpdateEnvironmentBody,
} from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, invalidField, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { checkHookUrl } from '#lib/outbound/check-hook-url.ts';
import { privateAddressWarning } from '#lib/outbound/private-address-warning.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { inOrder } from '#lib/paging/cursor.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { forgetProject } from '#lib/projects/delete-project.ts';
import { keyedTags, setTags } from '#lib/projects/set-tags.ts';
import { takePasswordGuess } from '#lib/projects/take-password-guess.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { adoptSiteDatabase, readDatabase } from './adopt-site-database.ts';
import { hookColumns } from './hook-secret.ts';
import { ENVIRONMENT_PARTS, type EnvironmentRow, loadSite, named } from './load-site.ts';
import { recordEnvironmentEvent } from './record-lifecycle.ts';
import { renameProject, siteProjectName } from './site-name.ts';
import { environmentToWire } from './to-wire.ts';

/** What a client says of an environment that changes nothing here, as it is kept; what is left out stays as it is. */
const describedColumns = ({
  php_version: phpVersion,
  custom_domain: customDomain,
  tags,
}: Pick<UpdateEnvironmentBody, 'php_version' | 'custom_domain' | 'tags'>) => ({
  ...(phpVersion !== undefined && { phpVersion }),
  ...(customDomain !== undefined && { customDomain }),
  ...(tags !== undefined && { tags }),
});

/** An environment, under the site that its address names where it names one. Throws not_found. */
export async function loadEnvironment(context: Context, { siteId, environmentId }: EnvironmentParams, tx: Tx = db): Promise<EnvironmentRow> {
  const where = { ...named(context, environmentId), ...(siteId !== undefined && { site: named(context, siteId) }) };
  const row = await tx.siteEnvironment.findFirst({ where, include: ENVIRONMENT_PARTS });
  if (!row) throw notFound('environment');
  return row;
}

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
    const told = await recordEnvironmentEvent(tx, context, 'created', await loadEnvironment(context, { environmentId: id }, tx));
    return { adopted: project, secret: hook.secret, told };
  });
  await wakeDeliveries(told);
  if (adopted) wakeVerification(adopted.jobId, adopted.login);
  const wire = environmentToWire(await loadEnvironment(context, { environmentId: id }));
  const warning = body.deploy_hook_url ? await privateAddressWarning(body.deploy_hook_url) : null;
  return { ...wire, ...(secret && { deploy_hook_secret: secret.reveal() }), ...(warning && { deploy_hook_warning: warning }) };
}

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
    const told = await recordEnvironmentEvent(tx, context, 'updated', await loadEnvironment(context, { environmentId: row.id }, tx));
    return { id: row.id, adopted: project, secret: hook?.secret, told };
  });
  await wakeDeliveries(told);
  if (adopted) wakeVerification(adopted.jobId, adopted.login);
  const wire = environmentToWire(await loadEnvironment(context, { environmentId: id }));
  const warning = body.deploy_hook_url ? await privateAddressWarning(body.deploy_hook_url) : null;
  return { ...wire, ...(secret && { deploy_hook_secret: secret.reveal() }), ...(warning && { deploy_hook_warning: warning }) };
}

/** Forgets an environment, its deployments, secrets and passwords. Its database stays as it is. Throws not_found, rotation_in_progress, conflict. */
export async function deleteEnvironment(context: Context, params: EnvironmentParams): Promise<void> {
  await wakeDeliveries(await db.$transaction(async (tx) => forgetEnvironment(tx, context, await loadEnvironment(context, params, tx))));
}

/** The same inside a transaction, for an environment that has been looked up. Returns the messages to send after commit. */
export async function forgetEnvironment(tx: Tx, context: Context, row: EnvironmentRow): Promise<Message<'webhook.deliver'>[]> {
  // A deployment is asked for under the same lock.
  await tx.$queryRaw`SELECT FROM environments WHERE id = ${row.id} FOR UPDATE`;
  const live = await tx.deployment.findFirst({ where: { environmentId: row.id, state: { in: ['pending', 'deploying'] } }, select: { id: true } });
  if (live) throw new DomainError('conflict', `A deployment of ${row.name} is in progress. Wait until it ends; nothing was changed.`);
  await recordAudit(tx, context, {
    action: 'environment.deleted',
    ...(row.projectId !== null && { projectId: row.projectId }),
    metadata: { environment_id: publicId(row), site_id: publicId(row.site), name: row.name },
  });
  const told = await recordEnvironmentEvent(tx, context, 'deleted', row);
  await tx.siteEnvironment.delete({ where: { id: row.id } });
  if (row.projectId !== null) await forgetProject(tx, context, row.projectId);
  return told;
}

/** One environment. Throws not_found. */
export const getEnvironment = async (context: Context, params: EnvironmentParams): Promise<EnvironmentWire> =>
  environmentToWire(await loadEnvironment(context, params));

/** A page of the environments of a site, or of all sites, production first. Throws not_found for an unknown site. */
export async function pageEnvironments(context: Context, siteId: string | undefined, page: PageQuery): Promise<Page<EnvironmentWire>> {
  const site = siteId === undefined ? null : await loadSite(context, siteId);
  const where = { organizationId: context.organizationId, ...(site && { siteId: site.id }) };
  const [found, total] = await Promise.all([
    db.siteEnvironment.findMany({ where, select: { id: true }, orderBy: [{ isProduction: 'desc' }, { name: 'asc' }, { id: 'asc' }], ...rowsOf(page) }),
    db.siteEnvironment.count({ where }),
  ]);
  const ids = found.map(({ id }) => id);
  const rows = await db.siteEnvironment.findMany({ where: { id: { in: ids } }, include: ENVIRONMENT_PARTS });
  return { items: inOrder(ids, rows).map(environmentToWire), total };
}
