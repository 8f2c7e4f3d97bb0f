import type { Prisma } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { Provider } from '#lib/contract/providers.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

export const INTEGRATION_PARTS = {
  targets: { orderBy: { target: 'asc' } },
  syncs: { where: { finishedAt: null }, include: { job: { select: { maxAttempts: true } } } },
  redeployments: { orderBy: { createdAt: 'desc' }, take: 1 },
} as const satisfies Prisma.IntegrationInclude;

export type IntegrationRow = Prisma.IntegrationGetPayload<{ include: typeof INTEGRATION_PARTS }>;

/** A project's integration with a provider. Throws not_found, also for another organization's and outside a limited key's reach. */
export async function loadIntegration(context: Context, projectId: string, provider: Provider, tx: Tx = db): Promise<IntegrationRow> {
  const row = await tx.integration.findFirst({
    where: { projectId, provider, project: { AND: [visibleProjects(context), { id: projectId }] } },
    include: INTEGRATION_PARTS,
  });
  if (!row) throw notFound('integration');
  return row;
}
