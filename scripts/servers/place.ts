// Targets of tests, put together and varied.

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Login, Place, Rotator, Target, Tls } from '#lib/engines/engine.ts';

/** An endpoint without a pin, on this machine where it does not say. */
export function placeAt(port: number, { host = '127.0.0.1', database = 'shop', ...tls }: { host?: string; database?: string } & Partial<Tls> = {}): Place {
  return { host, port, user: null, database, tls: { mode: 'prefer', caPem: null, pinnedKey: null, pinnedRsaKey: null, allowsMd5: false, ...tls } };
}

/** A target where nothing answers. */
export const NOWHERE: Target = { direct: placeAt(1), pooled: null };

/** The target with another direct endpoint. */
export const withDirect = (target: Target, direct: Partial<Place>): Target => ({ ...target, direct: { ...target.direct, ...direct } });

/** The target with another pooler. */
export const withPooled = (target: Target, pooled: Partial<Place>): Target => ({ ...target, pooled: { ...(target.pooled ?? target.direct), ...pooled } });

/** The target with both endpoints guarded otherwise. */
export function withTls({ direct, pooled }: Target, tls: Partial<Tls>): Target {
  const guarded = (place: Place): Place => ({ ...place, tls: { ...place.tls, ...tls } });
  return { direct: guarded(direct), pooled: pooled && guarded(pooled) };
}

/** A login as the rotator of a server. */
export const rotatorAt = (login: Login, target: Target): Rotator => ({ ...login, target });

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Where a program is, in the search path and where servers are installed besides; null where it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), ...FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
