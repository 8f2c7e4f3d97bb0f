import { db } from '#lib/db.ts';
import { proveReplaceable, readConfigFile } from './config-file.ts';
import { WpConfigError } from './failures.ts';
import { readPassword } from './find-password.ts';
import { isKept } from './is-kept.ts';
import { lockConfig } from './lock-config.ts';

/** The files that hold the password of a login: one for each site whose development database it opens. */
export async function configFilesOf(databaseId: string): Promise<{ siteId: string; path: string }[]> {
  const sites = await db.site.findMany({ where: { wpConfigPath: { not: null }, project: { databaseId } }, orderBy: { id: 'asc' } });
  return sites.flatMap(({ id, wpConfigPath }) => (wpConfigPath === null ? [] : [{ siteId: id, path: wpConfigPath }]));
}

/**
 * Proves, before a password changes, that every wp-config.php that holds it could be written; nothing is changed.
 * @throws {WpConfigError} with what stands in the way
 */
export async function checkConfigFiles(databaseId: string): Promise<void> {
  for (const { path } of await configFilesOf(databaseId)) {
    await db.$transaction(async (tx) => {
      await lockConfig(tx, path);
      const file = await readConfigFile(path);
      if (!(await isKept(tx, databaseId, readPassword(file.bytes)))) throw new WpConfigError('wp_config_other_password');
      await proveReplaceable(file);
    });
  }
}
