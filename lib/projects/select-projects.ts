import { visibleProjects } from '#lib/access/visible-projects.ts';
import { type ProjectSelection, projectQuery } from '#lib/contract/project-list.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { chooseProjects } from './list-projects.ts';

/** Projects that one request may select. */
const MOST = 20_000;

/**
 * The ids of the projects that a request selects, as they match now.
 * @throws {DomainError} validation_failed for `project_ids` or `filter`
 */
export async function selectProjects(context: Context, { project_ids: given, filter }: ProjectSelection): Promise<string[]> {
  if ((given === undefined) === (filter === undefined)) throw invalidField('project_ids', 'Send either project_ids or filter. Nothing was changed.');
  if (given !== undefined) return knownProjects(context, [...new Set(given)]);
  const query = { ...projectQuery.parse({}), ...filter };
  const found = await chooseProjects(context, query, null, MOST + 1);
  if (found.length > MOST) throw invalidField('filter', `More than ${MOST} projects match. Narrow the filter; nothing was changed.`);
  return found.map(({ id }) => id);
}

async function knownProjects(context: Context, ids: string[]): Promise<string[]> {
  const rows = await db.project.findMany({ where: { AND: [visibleProjects(context), { id: { in: ids } }] }, select: { id: true } });
  const known = new Set(rows.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) throw invalidField('project_ids', `There is no project ${unknown.slice(0, 3).join(', ')}. Nothing was changed.`);
  return ids;
}
