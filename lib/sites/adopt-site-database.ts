import type { SiteDatabaseBody } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { type AdoptedProject, adoptProject } from '#lib/projects/adopt-project.ts';
import { readTarget, type Target } from '#lib/projects/read-target.ts';

/** What was wrong with a field of the URL was wrong in `database` here. */
function inDatabase(error: unknown): unknown {
  if (!(error instanceof DomainError) || !error.extras.fields) return error;
  const fields = Object.fromEntries(Object.entries(error.extras.fields).map(([name, messages]) => [`database.${name}`, messages]));
  return new DomainError(error.code, error.message, { ...error.extras, fields });
}

/** Reads `database` of a body. Throws validation_failed, naming the field. */
export function readDatabase(body: SiteDatabaseBody): Target {
  try {
    return readTarget(body);
  } catch (error) {
    throw inDatabase(error);
  }
}

/**
 * Adopts the database of a site or an environment. A login serves one of them alone: what resets the one would break
 * the other.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress
 */
export async function adoptSiteDatabase(
  tx: Tx,
  context: Context,
  target: Target,
  project: { name: string; environment: 'production' | 'non_production'; tags?: Record<string, string> },
): Promise<AdoptedProject> {
  try {
    const adopted = await adoptProject(tx, context, target, project);
    const users = { database: { id: adopted.databaseId } };
    const others = (await tx.site.count({ where: { project: users } })) + (await tx.siteEnvironment.count({ where: { project: users } }));
    if (others > 0)
      throw invalidField('connection_url', 'Another site or environment uses this login. Use a separate login for each: resetting one would break the other.');
    return adopted;
  } catch (error) {
    throw inDatabase(error);
  }
}
