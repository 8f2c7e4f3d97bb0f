import type { Campaign } from '#generated/prisma/client.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

/** A campaign of the organization. Throws not_found. */
export async function loadCampaign({ organizationId }: Pick<Context, 'organizationId'>, id: string, tx: Tx = db): Promise<Campaign> {
  const row = await tx.campaign.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('campaign');
  return row;
}

/** The same, locked until the transaction ends. Throws not_found. */
export async function lockCampaign(tx: Tx, context: Pick<Context, 'organizationId'>, id: string): Promise<Campaign> {
  await tx.$queryRaw`SELECT FROM campaigns WHERE id = ${id} FOR UPDATE`;
  return loadCampaign(context, id, tx);
}
