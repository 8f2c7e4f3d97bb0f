import type { Prisma } from '#generated/prisma/client.ts';
import type { SecretParams, SecretWire } from '#lib/contract/vector/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';

const WITH_ENVIRONMENT = { environment: { select: { id: true, externalId: true } } } satisfies Prisma.EnvironmentSecretInclude;
export type SecretRow = Prisma.EnvironmentSecretGetPayload<{ include: typeof WITH_ENVIRONMENT }>;
export const SECRET_PARTS = WITH_ENVIRONMENT;

/** Of all environments (`global`), or of those of one each. */
export type SecretScope = 'global' | 'environment';

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
export async function lockSecret(tx: Tx, context: Context, scope: SecretScope, params: SecretParams): Promise<SecretRow> {
  const where = await whereSecret(tx, context, scope, params);
  await tx.$queryRaw`SELECT FROM environment_secrets WHERE id = ${params.secretId} FOR UPDATE`;
  const row = await tx.environmentSecret.findFirst({ where, include: WITH_ENVIRONMENT });
  if (!row) throw notFound('secret');
  return row;
}

/** Throws validation_failed where another secret of the same place has the key. One writer at a time: the organization is locked. */
export async function refuseTakenKey(tx: Tx, { organizationId }: Context, environmentId: string | null, key: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
  if (await tx.environmentSecret.findFirst({ where: { organizationId, environmentId, key }, select: { id: true } }))
    throw invalidField('key', 'This key already exists. Change its value (PUT), or choose another key.');
}

export const secretToWire = ({ id, key, environment, createdAt, updatedAt }: SecretRow): SecretWire => ({
  id,
  key,
  name: key,
  is_secret: true,
  environment_id: environment && (environment.externalId ?? environment.id),
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

/** What the audit log tells of a secret: never its value. */
export const secretFacts = ({ id, key, environment }: SecretRow) => ({
  secret_id: id,
  key,
  ...(environment && { environment_id: environment.externalId ?? environment.id }),
});
