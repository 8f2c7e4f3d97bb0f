import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { openCredential } from '#lib/credentials/seal-credential.ts';
import { db } from '#lib/db.ts';
import { configFilesOf } from './check-config-files.ts';
import { readConfigFile, replaceConfigFile } from './config-file.ts';
import { WpConfigError } from './failures.ts';
import { readPassword, withPassword } from './find-password.ts';
import { isKept } from './is-kept.ts';
import { lockConfig } from './lock-config.ts';

/**
 * Writes the current password of a login into every wp-config.php that holds it; one that has it already stays as it
 * is. Answers how many were written.
 * @throws {WpConfigError} with what stands in the way
 */
export async function writeConfigFiles(context: Context, databaseId: string): Promise<number> {
  let written = 0;
  for (const { siteId, path } of await configFilesOf(databaseId)) {
    // The password is read under the lock: whoever writes last writes the one that is current then.
    written += await db.$transaction(async (tx) => {
      await lockConfig(tx, path);
      const credential = await tx.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } });
      const password = (await openCredential(credential)).password.reveal();
      const file = await readConfigFile(path);
      const held = readPassword(file.bytes);
      if (held === password) return 0;
      if (!(await isKept(tx, databaseId, held))) throw new WpConfigError('wp_config_other_password');
      const { projectId, externalId } = await tx.site.findUniqueOrThrow({ where: { id: siteId } });
      await recordAudit(tx, context, {
        action: 'site.config_written',
        projectId,
        metadata: { site_id: externalId ?? siteId, path, version: credential.version, role_name: credential.loginName },
      });
      await replaceConfigFile(file, withPassword(file.bytes, password));
      return 1;
    });
  }
  return written;
}
