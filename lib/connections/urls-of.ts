import { Secret } from '#lib/crypto/secret.ts';
import type { Place } from '#lib/engines/engine.ts';
import { currentCredential, type ProjectRow } from '#lib/projects/load-project.ts';
import { placesOf } from '#lib/rotation/target.ts';
import { buildUrl } from './build-url.ts';

/** The connection URLs of a project with its password in them; `pooled` is null where there is no pooler. */
export function urlsOf(row: ProjectRow, password: Secret): { direct: Secret; pooled: Secret | null } {
  const { direct, pooled } = placesOf(row.database, row);
  const urlOf = ({ host, port, user, database, tls }: Place) =>
    new Secret(
      buildUrl({ engine: row.database.server.engine, host, port, user: user ?? currentCredential(row).loginName, password, database, sslMode: tls.mode }),
    );
  return { direct: urlOf(direct), pooled: pooled && urlOf(pooled) };
}
