import { ENGINES } from '#lib/contract/engines/engines.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

/** A server's kind and major version as people call it, such as "MariaDB 10". */
export function serverName({ engine, server_version: version }: Pick<ProjectWire, 'engine' | 'server_version'>): string {
  const major = version === null ? '' : ` ${version.split(/[. ]/)[0]}`;
  return `${version?.endsWith('-MariaDB') ? 'MariaDB' : ENGINES[engine].product}${major}`;
}
