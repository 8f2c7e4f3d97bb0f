import type { SiteWire } from '#lib/contract/vector/site.ts';
import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { writeConfigFiles } from '#lib/wp-config/write-config-files.ts';
import { loadSite } from './load-site.ts';
import { siteToWire } from './to-wire.ts';

/**
 * Writes the current password into the site's file again.
 * @throws {DomainError} not_found, conflict where the file cannot be written, with what stands in the way
 */
export async function reconfigureWordpress(context: Context, siteId: string): Promise<SiteWire> {
  const site = await loadSite(context, siteId);
  if (site.wpConfigPath === null)
    throw new DomainError('conflict', 'No wp-config.php or .env is named for this site. Name one (PUT /sites/{id}, wp_config_path).');
  try {
    await writeConfigFiles(context, site.project.databaseId);
  } catch (error) {
    if (error instanceof WpConfigError) throw new DomainError('conflict', `${error.message} Nothing was written.`);
    throw error;
  }
  return siteToWire(site);
}
