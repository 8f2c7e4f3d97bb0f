import type { Database } from '#generated/prisma/client.ts';
import { rights } from '#lib/contract/project.ts';
import { WP_CONFIG_FAILURES, type WpConfigFailure } from '#lib/contract/wp-config-failures.ts';

export const wpConfigText = (code: string | null): string | null => (code === null ? null : (WP_CONFIG_FAILURES[code as WpConfigFailure] ?? code));

/** What keeps every rotation of a login from succeeding, as the last check or rotation found it; null where nothing is known to. */
export function cannotRotate({ rights: stored }: Pick<Database, 'rights'>, wpConfigError: string | null = null): string | null {
  const obstacle = rights.safeParse(stored).data?.notes.find(({ tone }) => tone === 'danger');
  return obstacle?.text ?? wpConfigText(wpConfigError);
}
