import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { ENVIRONMENT_PARTS, type EnvironmentRow, named } from './load-site.ts';

/** An environment, under the site that its address names where it names one. Throws not_found. */
export async function loadEnvironment(context: Context, { siteId, environmentId }: EnvironmentParams, tx: Tx = db): Promise<EnvironmentRow> {
  const where = { ...named(context, environmentId), ...(siteId !== undefined && { site: named(context, siteId) }) };
  const row = await tx.siteEnvironment.findFirst({ where, include: ENVIRONMENT_PARTS });
  if (!row) throw notFound('environment');
  return row;
}
