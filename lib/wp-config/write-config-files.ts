import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { configFilesOf } from './check-config-files.ts';
import { readConfigFile, recoverConfigFile, replaceConfigFile } from './config-file.ts';
import { readPassword } from './find-password.ts';
import { isKept, lockConfig } from './is-kept.ts';

const MOST_FILES = 200;
const LIMIT_BYTES = 1_048_576;

/** The names of other files in the folder of `path` that hold a password: backups, drafts, a second configuration. What cannot be read is left out. */
async function findFilesBeside(path: string, password: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const found: string[] = [];
  for (const name of names.slice(0, MOST_FILES)) {
    if (name !== basename(path) && (await holds(join(dirname(path), name), password))) found.push(name);
  }
  return found.sort();
}

async function holds(path: string, password: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size <= LIMIT_BYTES && (await readFile(path)).includes(password);
  } catch {
    return false;
  }
}

export interface WrittenFiles {
  count: number;
  alsoIn: string[];
}

/**
 * Writes the current password of a login into every file that holds it; one that has it already stays as it
 * is. Returns how many were written, and the paths of other files in their folders that hold the former password.
 * @throws {WpConfigError} with what stands in the way
 */
export async function writeConfigFiles(context: Context, databaseId: string): Promise<WrittenFiles> {
  const written: WrittenFiles = { count: 0, alsoIn: [] };
  for (const { siteId, path } of await configFilesOf(databaseId)) {
    // The password is read under the lock: whoever writes last writes the one that is current then.
    await db.$transaction(async (tx) => {
      await lockConfig(tx, path);
      const credential = await tx.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } });
      const password = (await openCredential(credential)).password.reveal();
      await recoverConfigFile(path);
      const file = await readConfigFile(path);
      const held = readPassword(path, file.bytes);
      if (held === password) return;
      if (!(await isKept(tx, databaseId, held))) throw new WpConfigError('wp_config_other_password');
      const { projectId, externalId } = await tx.site.findUniqueOrThrow({ where: { id: siteId } });
      const alsoIn = await findFilesBeside(path, held);
      await recordAudit(tx, context, {
        action: 'site.config_written',
        projectId,
        metadata: {
          site_id: externalId ?? siteId,
          path,
          version: credential.version,
          role_name: credential.loginName,
          ...(alsoIn.length > 0 && { also_in: alsoIn }),
        },
      });
      await replaceConfigFile(file, password);
      written.count += 1;
      written.alsoIn.push(...alsoIn.map((name) => join(dirname(path), name)));
    });
  }
  return written;
}
