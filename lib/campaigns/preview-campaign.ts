import type { CampaignPreviewWire } from '#lib/contract/campaign.ts';
import { ENGINE_NAMES, type EngineName } from '#lib/contract/engines/engines.ts';
import type { ProjectSelection } from '#lib/contract/project-list.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { selectLogins } from './select-logins.ts';

/**
 * What a campaign over a selection would rotate now. Stores nothing.
 * @throws {DomainError} validation_failed for `project_ids` or `filter`
 */
export async function previewCampaign(context: Context, selection: ProjectSelection): Promise<CampaignPreviewWire> {
  const { projectIds, logins, leftOut } = await selectLogins(context, selection);
  const where = { organizationId: context.organizationId, projectId: { in: projectIds } };
  const [production, automatic, manual] = await Promise.all([
    db.project.count({ where: { organizationId: context.organizationId, id: { in: projectIds }, environment: 'production' } }),
    db.integration.count({ where }),
    db.consumer.count({ where }),
  ]);
  const of = (engine: string) => logins.filter((login) => login.engine === engine).length;
  return {
    projects: projectIds.length,
    logins: logins.length,
    servers: new Set(logins.map(({ serverId }) => serverId)).size,
    engines: Object.fromEntries(ENGINE_NAMES.map((name) => [name, of(name)])) as Record<EngineName, number>,
    production,
    consumers: { automatic, manual },
    left_out: leftOut,
  };
}
