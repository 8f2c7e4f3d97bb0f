import type { Database } from '#generated/prisma/client.ts';
import { sslModeToStore } from '#lib/logins/ssl-mode.ts';
import type { Target } from './read-target.ts';

/** The columns that say where a login's pooler is; all null where it has none. The pins are found by the first login. */
export const pooledColumns = ({ pooled, direct, sslMode }: Pick<Target, 'pooled' | 'direct' | 'sslMode'>) => ({
  pooledHost: pooled?.host ?? null,
  pooledPort: pooled?.port ?? null,
  pooledUser: pooled && pooled.user !== direct.user ? pooled.user : null,
  pooledSslMode: pooled && sslModeToStore(pooled.sslMode ?? sslMode ?? 'prefer'),
  pooledPinnedKey: null,
  pooledPinnedRsaKey: null,
});

/** The columns that say where a login logs in, and how that is guarded. */
export const placeColumns = (target: Target) => ({
  host: target.direct.host,
  directPort: target.direct.port,
  sslMode: sslModeToStore(target.sslMode ?? 'prefer'),
  caPem: target.caPem,
  directPinnedKey: null,
  directPinnedRsaKey: null,
  ...pooledColumns(target),
});

const FACTS = ['host', 'directPort', 'sslMode', 'caPem', 'pooledHost', 'pooledPort', 'pooledUser', 'pooledSslMode'] as const satisfies (keyof Database)[];

/** The columns of a project that say how its URLs are written. */
export const urlColumns = ({ direct, pooled }: Pick<Target, 'pooled'> & { direct: Pick<Target['direct'], 'database'> & { template: string | null } }) => ({
  databaseName: direct.database,
  directUrl: direct.template,
  ...pooledUrlColumns({ direct, pooled }),
});

/** The same of its pooled URL alone. */
export const pooledUrlColumns = ({ direct, pooled }: Pick<Target, 'pooled'> & { direct: Pick<Target['direct'], 'database'> }) => ({
  pooledDatabaseName: pooled && pooled.database !== direct.database ? pooled.database : null,
  pooledUrl: pooled?.template ?? null,
});

/** Whether two logins are sent to the same places under the same guard. */
export const isSamePlace = (one: Pick<Database, (typeof FACTS)[number]>, other: Pick<Database, (typeof FACTS)[number]>): boolean =>
  FACTS.every((fact) => one[fact] === other[fact]);
