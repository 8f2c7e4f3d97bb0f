import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { SecretWire } from '#lib/contract/vector/secret.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';
import { SECRET_PARTS, secretToWire } from './load-secret.ts';

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
