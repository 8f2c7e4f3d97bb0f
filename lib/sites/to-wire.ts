import type { DatabaseState } from '#generated/prisma/enums.ts';
import { labelOf } from '#lib/contract/vector/label.ts';
import type { EnvironmentWire, SiteStatusWire, SiteWire } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { cannotRotate, wpConfigText } from '#lib/logins/cannot-rotate.ts';
import { currentOf, type EnvironmentRow, type SiteRow } from './load-site.ts';
import { validPasswords } from './valid-passwords.ts';

const timeOf = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

export function statusOf(state: DatabaseState): SiteStatusWire {
  switch (state) {
    case 'ready':
      return 'active';
    case 'rotating_credentials':
      return 'resetting';
    case 'verifying':
    case 'needs_attention':
      return state;
  }
}

type Version = { version: number; directProvenAt: Date | null; createdAt: Date };
const versionToWire = ({ version, directProvenAt, createdAt }: Version) => ({
  version,
  proven_at: timeOf(directProvenAt),
  created_at: createdAt.toISOString(),
});

/** What deployments and environments both tell of an environment. */
export const environmentSummary = (
  row: Pick<EnvironmentRow, 'id' | 'externalId' | 'name' | 'isProduction' | 'phpVersion' | 'tags' | 'customDomain' | 'createdAt' | 'updatedAt' | 'site'>,
) => ({
  id: publicId(row),
  vector_site_id: publicId(row.site),
  partner_customer_id: row.site.partnerCustomerId,
  your_customer_id: row.site.partnerCustomerId,
  name: row.name,
  is_production: row.isProduction,
  php_version: row.phpVersion ?? row.site.devPhpVersion ?? '',
  tags: row.tags,
  custom_domain: row.customDomain,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

/** An environment as the sites dialect shows it. */
export function environmentToWire(row: EnvironmentRow): EnvironmentWire {
  const database = row.project?.database;
  const retiring = database?.credentials.find(({ state }) => state === 'retiring');
  const status = database ? statusOf(database.state) : 'no_database';
  return {
    ...environmentSummary(row),
    site_id: publicId(row.site),
    status,
    status_label: labelOf(status),
    provisioning_step: database ? 'complete' : 'pending',
    failure_reason: database?.lastError ?? null,
    fqdn: row.customDomain,
    platform_domain: null,
    database_host: database?.host ?? null,
    database_port: database?.directPort ?? null,
    database_name: row.project?.databaseName ?? null,
    database_user: database ? currentOf(database).loginName : null,
    deploy_hook_host: row.deployHookUrl === null ? null : new URL(row.deployHookUrl).host,
    project_id: row.projectId,
    current: database ? versionToWire(currentOf(database)) : null,
    retiring: retiring ? { ...versionToWire(retiring), retire_at: timeOf(retiring.retireAt) } : null,
    valid_versions: database?.credentials.map(({ version }) => version) ?? [],
    valid_passwords: validPasswords(database),
    cannot_rotate: database ? cannotRotate(database) : null,
    last_error: database?.lastError ?? null,
    rotated_at: timeOf(database?.rotatedAt),
  };
}

/** A site as the sites dialect shows it, with the password of its development database where it may be shown. */
export function siteToWire(row: SiteRow, password?: Secret): SiteWire {
  const { database, databaseName } = row.project;
  const { server } = database;
  const current = currentOf(database);
  return {
    id: publicId(row),
    partner_customer_id: row.partnerCustomerId,
    your_customer_id: row.partnerCustomerId,
    status: statusOf(database.state),
    status_label: labelOf(statusOf(database.state)),
    tags: row.tags,
    dev_domain: row.devDomain,
    dev_php_version: row.devPhpVersion ?? '',
    dev_db_host: database.host,
    dev_db_name: databaseName,
    dev_db_username: current.loginName,
    db_host: database.host,
    db_port: database.directPort,
    db_name: databaseName,
    db_username: current.loginName,
    ...(password && { db_password: password.reveal() }),
    environments: row.environments.map(environmentToWire),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    project_id: row.projectId,
    engine: server.engine,
    server_version: server.version,
    wp_config_path: row.wpConfigPath,
    wp_config_error: wpConfigText(row.wpConfigError),
    current: versionToWire(current),
    cannot_rotate: cannotRotate(database, row.wpConfigError),
    last_error: database.lastError,
    rotated_at: timeOf(database.rotatedAt),
  };
}
