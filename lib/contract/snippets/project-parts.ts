import type { ConnectionsWire, ProjectWire } from '#lib/contract/project.ts';
import { type ConnectionParts, cutAtPassword } from './connection-url.ts';
import type { SnippetInput } from './snippet-tokens.ts';

/** The project's endpoints with the password masked. */
export function maskedParts(project: ProjectWire): SnippetInput {
  const direct: ConnectionParts = {
    engine: project.engine,
    user: project.role_name,
    password: null,
    host: project.public_host,
    port: project.direct_port,
    database: project.database_name,
    sslMode: project.ssl_mode,
    url: project.urls.direct,
  };
  const { pooled: url } = project.urls;
  if (project.pooled_port === null || url === null) return { direct, pooled: null };
  // A pooler may know the login and the database by other names.
  const { username, pathname } = new URL(url);
  const names = { user: decodeURIComponent(username), database: decodeURIComponent(pathname.slice(1)) };
  return { direct, pooled: { ...direct, ...names, url, host: project.pooled_host ?? direct.host, port: project.pooled_port } };
}

/** The same with the password, which stands percent-encoded in the URLs. */
export function openParts(project: ProjectWire, urls: ConnectionsWire): SnippetInput {
  const { direct, pooled } = maskedParts(project);
  const password = passwordOf(urls);
  return { direct: { ...direct, password }, pooled: pooled && { ...pooled, password } };
}

const passwordOf = (urls: ConnectionsWire): string => decodeURIComponent(cutAtPassword(urls.direct_url)[1]);
