import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import { db } from '#lib/kernel/db.ts';
import { proveReplaceable, readConfigFile, recoverConfigFile } from './config-file.ts';
import { proveEffective } from './effective.ts';
import { readPassword } from './find-password.ts';
import { isKept, lockConfig } from './is-kept.ts';

/** The files that hold the password of a login: one for each site whose development database it opens. */
export async function configFilesOf(databaseId: string): Promise<{ siteId: string; path: string }[]> {
  const sites = await db.site.findMany({ where: { wpConfigPath: { not: null }, project: { databaseId } }, orderBy: { id: 'asc' } });
  return sites.flatMap(({ id, wpConfigPath }) => (wpConfigPath === null ? [] : [{ siteId: id, path: wpConfigPath }]));
}

/** Throws WpConfigError where the file is not the one that counts or could not be written. Changes nothing. */
async function checkConfigFile(databaseId: string, path: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockConfig(tx, path);
    await recoverConfigFile(path);
    const file = await readConfigFile(path);
    const held = readPassword(path, file.bytes);
    // Before the password is judged: one that does not count may be anything.
    await proveEffective(file);
    if (!(await isKept(tx, databaseId, held))) throw new WpConfigError('wp_config_other_password');
    await proveReplaceable(file);
  });
}

/**
 * Proves, before a password changes, that every file that holds it is the one that counts and could be written; nothing is changed.
 * @throws {WpConfigError} with what stands in the way
 */
export async function checkConfigFiles(databaseId: string): Promise<void> {
  for (const { path } of await configFilesOf(databaseId)) await checkConfigFile(databaseId, path);
}

/** The same at adoption and at connection checks: what stands in the way is kept with the site, so that it is known before a reset. */
export async function noteConfigFiles(databaseId: string): Promise<void> {
  for (const { siteId, path } of await configFilesOf(databaseId)) {
    const wpConfigError = await checkConfigFile(databaseId, path).then(
      () => null,
      (error: unknown) => {
        if (error instanceof WpConfigError) return error.code;
        throw error;
      },
    );
    await db.site.updateMany({ where: { id: siteId, wpConfigPath: path }, data: { wpConfigError } });
  }
}
