import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';

export interface SeenCredential {
  userId: string;
  databaseId: string;
  /** Those that the server may still accept. */
  versions: number[];
}

/**
 * The passwords that still count and that these people have seen, as the audit log tells: shown to them, or to an API key
 * that they or a key of theirs had made; or given to Rekey by them, in a URL.
 */
export function seenCredentials(tx: Tx, { organizationId }: Pick<Context, 'organizationId'>, userIds: string[]): Promise<SeenCredential[]> {
  return tx.$queryRaw<SeenCredential[]>`
    WITH actors AS (
      SELECT id AS actor_id, id AS user_id FROM unnest(${userIds}::text[]) id
      UNION ALL SELECT id, created_by_user_id FROM api_keys WHERE organization_id = ${organizationId} AND created_by_user_id = ANY(${userIds})
    ), acts AS (
      SELECT a.user_id, e.action, e.project_id, e.target_id, e.metadata, e.created_at FROM actors a
      JOIN audit_events e ON e.organization_id = ${organizationId} AND e.actor_id = a.actor_id
      WHERE e.action IN ('project.connection_viewed', 'project.adopted', 'project.updated')
    ), seen AS (
      SELECT user_id, target_id AS database_id, (metadata->>'version')::int AS version FROM acts WHERE action = 'project.connection_viewed'
      UNION
      SELECT g.user_id, g.database_id, (SELECT max(c.version) FROM credentials c WHERE c.database_id = g.database_id AND c.created_at <= g.created_at)
      FROM (
        SELECT user_id, target_id AS database_id, created_at FROM acts WHERE action = 'project.adopted'
        UNION ALL SELECT acts.user_id, p.database_id, acts.created_at FROM acts JOIN projects p ON p.id = acts.project_id
        WHERE acts.action = 'project.updated' AND acts.metadata->'fields' @> '"connection_url"'
      ) g
    )
    SELECT s.user_id AS "userId", s.database_id AS "databaseId", array_agg(s.version ORDER BY s.version) AS versions
    FROM seen s JOIN credentials c ON c.organization_id = ${organizationId} AND c.database_id = s.database_id AND c.version = s.version
    WHERE c.state IN ('current', 'retiring', 'suspect') GROUP BY s.user_id, s.database_id ORDER BY s.database_id`;
}
