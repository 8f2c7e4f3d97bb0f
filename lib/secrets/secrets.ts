import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { CreateSecretBody, SecretParams, SecretWire, UpdateSecretBody } from '#lib/contract/vector/secret.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { loadEnvironment } from '#lib/sites/environments.ts';

interface ValueKey {
  id: string;
  organizationId: string;
  version: number;
}

/** Where the value of a secret belongs. */
export const valueContext = ({ id, organizationId, version }: ValueKey): SealContext => ({
  organizationId,
  table: 'environment_secrets',
  row: id,
  field: 'sealed',
  version,
});

/** Seals the value of a secret for exactly this row and version. */
const sealValue = (row: ValueKey, value: Secret): Promise<string> => seal(value.reveal(), valueContext(row));

/** Opens the value of a secret. Throws SealBrokenError. */
export const openValue = async (row: ValueKey & { sealed: string }): Promise<Secret> => new Secret(await open(row.sealed, valueContext(row)));

const WITH_ENVIRONMENT = { environment: { select: { id: true, externalId: true } } } satisfies Prisma.EnvironmentSecretInclude;
type SecretRow = Prisma.EnvironmentSecretGetPayload<{ include: typeof WITH_ENVIRONMENT }>;
const SECRET_PARTS = WITH_ENVIRONMENT;

/** Of all environments (`global`), or of those of one each. */
type SecretScope = 'global' | 'environment';

/** The condition that finds the organization's secret at the address that was asked. Throws not_found for an unknown environment. */
async function whereSecret(
  tx: Tx,
  context: Context,
  scope: SecretScope,
  { secretId, environmentId, siteId }: SecretParams,
): Promise<Prisma.EnvironmentSecretWhereInput> {
  const environment = environmentId === undefined ? null : await loadEnvironment(context, { environmentId, siteId }, tx);
  return {
    id: secretId,
    organizationId: context.organizationId,
    environmentId: scope === 'global' ? null : { not: null },
    ...(environment && { environment: { id: environment.id } }),
  };
}

/** A secret, without its value. Throws not_found. */
export async function getSecret(context: Context, scope: SecretScope, params: SecretParams): Promise<SecretWire> {
  const row = await db.environmentSecret.findFirst({ where: await whereSecret(db, context, scope, params), include: WITH_ENVIRONMENT });
  if (!row) throw notFound('secret');
  return secretToWire(row);
}

/** The organization's secret, locked until the transaction ends, at the address that was asked. Throws not_found. */
async function lockSecret(tx: Tx, context: Context, scope: SecretScope, params: SecretParams): Promise<SecretRow> {
  const where = await whereSecret(tx, context, scope, params);
  await tx.$queryRaw`SELECT FROM environment_secrets WHERE id = ${params.secretId} FOR UPDATE`;
  const row = await tx.environmentSecret.findFirst({ where, include: WITH_ENVIRONMENT });
  if (!row) throw notFound('secret');
  return row;
}

/** Throws validation_failed where another secret of the same place has the key. One writer at a time: the organization is locked. */
async function refuseTakenKey(tx: Tx, { organizationId }: Context, environmentId: string | null, key: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
  if (await tx.environmentSecret.findFirst({ where: { organizationId, environmentId, key }, select: { id: true } }))
    throw invalidField('key', 'This key already exists. Change its value (PUT), or choose another key.');
}

const secretToWire = ({ id, key, environment, createdAt, updatedAt }: SecretRow): SecretWire => ({
  id,
  key,
  name: key,
  is_secret: true,
  environment_id: environment && (environment.externalId ?? environment.id),
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

/** What the audit log tells of a secret: never its value. */
const secretFacts = ({ id, key, environment }: SecretRow) => ({
  secret_id: id,
  key,
  ...(environment && { environment_id: environment.externalId ?? environment.id }),
});

/** Keeps a variable for the deployments of an environment, or of all. Throws not_found, and validation_failed for a key that is there already. */
export async function createSecret(context: Context, of: EnvironmentParams | 'global', { key, value }: CreateSecretBody): Promise<SecretWire> {
  const { organizationId } = context;
  const row = { id: newId('sec'), organizationId, version: 1 };
  const sealed = await sealValue(row, new Secret(value));
  return db.$transaction(async (tx) => {
    const environment = of === 'global' ? null : await loadEnvironment(context, of, tx);
    const environmentId = environment?.id ?? null;
    await refuseTakenKey(tx, context, environmentId, key);
    const created = await tx.environmentSecret.create({
      data: { ...row, environmentId, key, sealed },
      include: SECRET_PARTS,
    });
    await recordAudit(tx, context, {
      action: 'secret.created',
      ...(environment?.projectId && { projectId: environment.projectId }),
      metadata: secretFacts(created),
    });
    return secretToWire(created);
  });
}

/** Gives a secret another value or key. Deployments begun from now on get it. Throws not_found, validation_failed for a taken key. */
export async function updateSecret(context: Context, scope: SecretScope, params: SecretParams, { key, value }: UpdateSecretBody): Promise<SecretWire> {
  return db.$transaction(async (tx) => {
    const row = await lockSecret(tx, context, scope, params);
    if (key !== undefined && key !== row.key) await refuseTakenKey(tx, context, row.environmentId, key);
    const version = row.version + 1;
    const updated = await tx.environmentSecret.update({
      where: { id: row.id },
      data: { ...(key !== undefined && { key }), ...(value !== undefined && { version, sealed: await sealValue({ ...row, version }, new Secret(value)) }) },
      include: SECRET_PARTS,
    });
    const fields = [key !== undefined && key !== row.key ? ['key'] : [], value === undefined ? [] : ['value']].flat();
    await recordAudit(tx, context, { action: 'secret.updated', metadata: { ...secretFacts(updated), fields } });
    return secretToWire(updated);
  });
}

/** Deletes a secret: deployments begun from now on do without it. Throws not_found. */
export async function deleteSecret(context: Context, scope: SecretScope, params: SecretParams): Promise<void> {
  await db.$transaction(async (tx) => {
    const row = await lockSecret(tx, context, scope, params);
    await tx.environmentSecret.delete({ where: { id: row.id } });
    await recordAudit(tx, context, { action: 'secret.deleted', metadata: secretFacts(row) });
  });
}

/** A page of the secrets of an environment, or of the global ones, by key. Throws not_found for an unknown environment. */
export async function pageSecrets(context: Context, of: EnvironmentParams | 'global', page: PageQuery): Promise<Page<SecretWire>> {
  const environmentId = of === 'global' ? null : (await loadEnvironment(context, of)).id;
  const where = { organizationId: context.organizationId, environmentId };
  const [rows, total] = await Promise.all([
    db.environmentSecret.findMany({ where, include: SECRET_PARTS, orderBy: { key: 'asc' }, ...rowsOf(page) }),
    db.environmentSecret.count({ where }),
  ]);
  return { items: rows.map(secretToWire), total };
}
