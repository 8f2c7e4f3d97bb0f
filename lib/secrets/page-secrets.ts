import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { PageQuery } from '#lib/http/wire/vector/envelope.ts';
import type { SecretWire } from '#lib/http/wire/vector/secret.ts';
import type { EnvironmentParams } from '#lib/http/wire/vector/site.ts';
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
