import type { ProjectWire } from '#lib/contract/project.ts';

const ENGINES: Record<ProjectWire['engine'], string> = { postgresql: 'PostgreSQL', mysql: 'MySQL' };

/** A server's kind and major version as people call it, such as "MariaDB 10". */
export function serverName({ engine, server_version: version }: Pick<ProjectWire, 'engine' | 'server_version'>): string {
  const major = version === null ? '' : ` ${version.split(/[. ]/)[0]}`;
  return `${version?.endsWith('-MariaDB') ? 'MariaDB' : ENGINES[engine]}${major}`;
}
