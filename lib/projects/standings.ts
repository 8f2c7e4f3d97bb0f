import { Prisma } from '#generated/prisma/client.ts';
import type { StandingKind } from '#lib/contract/project-summary.ts';
import type { ProviderFacts } from '#lib/contract/providers/provider-facts.ts';
import { PROVIDER_NAMES, PROVIDERS } from '#lib/contract/providers/providers.ts';
import { ask } from '#lib/kernel/db.ts';

/** The words of a search, in lower case: each must stand in the name, the role or the host of a project. */
export const wordsOf = (search: string | undefined): string[] => search?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];

/** How one project stands, as its row in the overview says it, and what the figures count of it. */
export interface ProjectStanding {
  id: string;
  name: string;
  environment: 'production' | 'non_production';
  /** What a search looks in, in lower case. */
  search: string;
  databaseId: string;
  /** Whether it is a database of a site. */
  isOfSite: boolean;
  kind: StandingKind;
  /** Whether a person has to do something. */
  needs: boolean;
  /** Whether a login has proven the current password. */
  isProven: boolean;
  /** Since when the password is the current one; `isAtLeast`: it was not rotated here yet, and may be older. */
  since: number;
  isAtLeast: boolean;
}

const providersWith = (has: (facts: ProviderFacts['redeploy']) => boolean): string[] => PROVIDER_NAMES.filter((name) => has(PROVIDERS[name].redeploy));

/** As `mayRedeploy` of the integrations judges it. */
const mayRedeploy = Prisma.sql`
  i.provider::text = ANY(${providersWith(({ api }) => api?.needs === 'nothing')})
  OR (i.provider::text = ANY(${providersWith(({ api }) => api?.needs === 'workflow')}) AND i.config ->> 'workflow' IS NOT NULL)
  OR (i.provider::text = ANY(${providersWith(({ hook }) => hook !== undefined)}) AND i.hook_sealed IS NOT NULL)`;

/**
 * Projects with a consumer that waits for a person, as `countConsumers` judges them: a manual consumer whose latest task is
 * not done, or an integration that is not being synced and holds another password, failed, or is to be redeployed.
 */
const waiting = (organizationId: string) => Prisma.sql`
  SELECT t.project_id FROM consumer_tasks t
  WHERE t.organization_id = ${organizationId} AND t.done_at IS NULL AND t.consumer_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM consumer_tasks later WHERE later.consumer_id = t.consumer_id AND (later.created_at, later.id) > (t.created_at, t.id))
  UNION
  SELECT i.project_id FROM integrations i JOIN projects p ON p.id = i.project_id JOIN current c ON c.database_id = p.database_id
  CROSS JOIN LATERAL (
    SELECT count(*) AS judged, bool_or(state IN ('failed', 'drifted') OR coalesce(version, 0) < c.version) AS is_behind
    FROM integration_targets WHERE integration_id = i.id AND kept_at IS NULL
  ) targets
  WHERE i.organization_id = ${organizationId}
    AND NOT EXISTS (SELECT FROM syncs s WHERE s.integration_id = i.id AND s.finished_at IS NULL)
    AND (targets.is_behind OR i.check_failure_code IS NOT NULL OR (
      targets.judged > 0 AND (${mayRedeploy})
      AND coalesce((SELECT r.version < c.version OR r.state = 'failed' FROM redeployments r WHERE r.integration_id = i.id ORDER BY r.created_at DESC LIMIT 1), true)
      AND EXISTS (SELECT FROM rotations r WHERE r.to_credential_id = c.id AND r.kind = 'rotate' AND r.state = 'completed')))`;

/**
 * How each project of an organization stands, by name. The same as `projectStanding` of the overview says of one project,
 * in one statement for thousands. `noWorker`: nobody does what is in progress.
 */
export const readStandings = (organizationId: string, noWorker: boolean): Promise<ProjectStanding[]> =>
  ask<ProjectStanding>(Prisma.sql`
    WITH current AS (
      SELECT id, database_id, version, created_at, (direct_proven_at IS NOT NULL OR pooled_proven_at IS NOT NULL) AS is_proven
      FROM credentials WHERE organization_id = ${organizationId} AND state = 'current'
    ), retiring AS (
      SELECT database_id, bool_or(retire_at IS NULL) AS waits FROM credentials WHERE organization_id = ${organizationId} AND state = 'retiring' GROUP BY database_id
    ), waiting AS (${waiting(organizationId)}), stands AS (
      SELECT p.id, p.name, p.environment, lower(concat_ws(E'\\n', p.name, d.role_name, d.host)) AS search, p.database_id,
        (s.project_id IS NOT NULL OR p.id IN (SELECT project_id FROM environments WHERE organization_id = ${organizationId})) AS is_of_site, c.is_proven, coalesce(d.rotated_at, c.created_at) AS since, d.rotated_at IS NULL AS is_at_least,
        retiring.waits, waiting.project_id IS NOT NULL AS has_waiting,
        CASE
          WHEN d.state = 'needs_attention' THEN CASE WHEN c.is_proven THEN 'unknown' ELSE 'failed' END
          WHEN d.state IN ('rotating_credentials', 'verifying') THEN CASE WHEN ${noWorker} THEN 'waiting' ELSE 'running' END
          WHEN d.last_error IS NOT NULL THEN 'failed'
          WHEN s.wp_config_error IS NOT NULL OR jsonb_path_exists(d.rights, '$.notes[*] ? (@.tone == "danger")') THEN 'unprovable'
          WHEN NOT c.is_proven THEN 'unknown'
          WHEN retiring.database_id IS NOT NULL THEN 'two-work'
          ELSE 'ok'
        END AS kind
      FROM projects p JOIN databases d ON d.id = p.database_id JOIN current c ON c.database_id = d.id
      LEFT JOIN retiring ON retiring.database_id = d.id LEFT JOIN sites s ON s.project_id = p.id LEFT JOIN waiting ON waiting.project_id = p.id
      WHERE p.organization_id = ${organizationId}
    )
    SELECT id, name, environment, search, database_id AS "databaseId", is_of_site AS "isOfSite", kind, is_proven AS "isProven", extract(epoch FROM since)::float8 * 1000 AS since,
      is_at_least AS "isAtLeast",
      (kind IN ('unknown', 'failed', 'waiting', 'unprovable') OR (kind = 'two-work' AND waits) OR (kind = 'ok' AND has_waiting)) AS needs
    FROM stands ORDER BY name, id`);
