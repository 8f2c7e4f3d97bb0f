import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole, writeWhole } from '#scripts/servers/whole-file.ts';

/** Throws for an empty file, which an earlier version left when it was killed while it wrote it: what it held may be in use. */
function keep(file: string, make: () => string): string {
  if (!existsSync(file)) writeWhole(file, make());
  const kept = readWhole(file);
  if (!kept) throw new Error(`${file} is empty. Restore it from a backup; if Rekey never got ready with this folder, remove the file and start again.`);
  return kept;
}

/** Whether the environment says where the encryption key is: then none is made. */
export const isKeyGiven = (env: NodeJS.Dict<string>): boolean => Boolean(env.REKEY_ENCRYPTION_KEY || env.REKEY_ENCRYPTION_KEY_FILE || env.REKEY_VAULT_KEY);

/** The given keys, or those of the data folder: made at the first start, readable by their owner alone. */
export function readKeys(dataDir: string, env: NodeJS.Dict<string> = process.env): { REKEY_ENCRYPTION_KEY?: string; NEXTAUTH_SECRET: string } {
  const file = join(dataDir, 'encryption-key');
  // One that was made before Vault had the key still opens what it sealed.
  const isOurs = !isKeyGiven(env) || (!env.REKEY_ENCRYPTION_KEY && !env.REKEY_ENCRYPTION_KEY_FILE && existsSync(file));
  return {
    ...(isOurs && { REKEY_ENCRYPTION_KEY: keep(file, () => randomBytes(32).toString('base64')) }),
    NEXTAUTH_SECRET: env.NEXTAUTH_SECRET || keep(join(dataDir, 'session-secret'), () => randomBytes(32).toString('base64url')),
  };
}
