import { type Named, siteName } from '#lib/contract/vector/site-names.ts';
import type { Tx } from '#lib/kernel/db.ts';

/** The longest name that a project may have. */
const MOST = 80;

/** What the project of a site's database is called; `environment`: null for the development database. */
export const siteProjectName = (site: Named, environment: string | null): string => `${siteName(site)} ${environment ?? 'development'}`.slice(0, MOST);

/** Renames the project of a site's database with its site or environment, unless a person gave it another name. */
export async function renameProject(tx: Tx, projectId: string | null, before: string, name: string): Promise<void> {
  if (projectId !== null && before !== name) await tx.project.updateMany({ where: { id: projectId, name: before }, data: { name } });
}
