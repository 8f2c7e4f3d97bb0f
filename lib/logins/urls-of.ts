import { ENGINES } from '#lib/contract/engines/engines.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { EngineName, Place } from '#lib/engines/engine.ts';
import { buildUrl } from './build-url.ts';
import { currentCredential, type ProjectRow } from './load-project.ts';
import { placesOf } from './target.ts';
import { fillTemplate, isTemplateOf } from './url-template.ts';

/** A URL as it was given; one of an older address, or of a project that was adopted before URLs were kept, is written anew. */
function urlOf(engine: EngineName, { host, port, user: known, database, tls }: Place, loginName: string, template: string | null, password: Secret): Secret {
  const user = known ?? loginName;
  if (template !== null && isTemplateOf(template, { host, port, user, database }, ENGINES[engine].url.defaultPort))
    return new Secret(fillTemplate(template, password));
  return new Secret(buildUrl({ engine, host, port, user, password, database, sslMode: tls.mode }));
}

/** The connection URLs of a project with a password in them; `pooled` is null where there is no pooler. */
export function urlsWith(
  {
    database,
    directUrl,
    pooledUrl,
    ...names
  }: Pick<ProjectRow, 'databaseName' | 'pooledDatabaseName' | 'directUrl' | 'pooledUrl'> & {
    database: Omit<ProjectRow['database'], 'credentials'>;
  },
  loginName: string,
  password: Secret,
): { direct: Secret; pooled: Secret | null } {
  const { direct, pooled } = placesOf(database, names);
  const { engine } = database.server;
  return {
    direct: urlOf(engine, direct, loginName, directUrl, password),
    pooled: pooled && urlOf(engine, pooled, loginName, pooledUrl, password),
  };
}

/** The connection URLs of a project with a password in them; `pooled` is null where there is no pooler. */
export const urlsOf = (row: ProjectRow, password: Secret): { direct: Secret; pooled: Secret | null } =>
  urlsWith(row, currentCredential(row).loginName, password);
