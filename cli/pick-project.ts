import type { z } from 'zod';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type ProjectWire, projectList } from '#lib/contract/project.ts';
import { CommandFailure, EXIT } from './exit-codes.ts';
import { readSettings } from './settings.ts';

/** All projects, page by page; a server of before pages answers them at once. */
export async function listProjects(client: ApiClient): Promise<ProjectWire[]> {
  const projects: ProjectWire[] = [];
  let cursor: string | undefined;
  do {
    const page: z.infer<typeof projectList> = await client.get(
      cursor === undefined ? '/projects' : `/projects?cursor=${encodeURIComponent(cursor)}`,
      projectList,
    );
    projects.push(...page.projects);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return projects;
}

const MOST_NAMES = 20;

/** The project of that id, slug or name; without one the project of the settings, or the only one there is. */
export async function pickProject(client: ApiClient, asked: string | undefined): Promise<ProjectWire> {
  const projects = await listProjects(client);
  const name = asked ?? readSettings().project;
  const found = name === undefined ? projects : projects.filter((project) => [project.id, project.slug, project.name].includes(name));
  const [first] = found;
  if (first && found.length === 1) return first;
  const rest = projects.length > MOST_NAMES ? `, and ${projects.length - MOST_NAMES} more` : '';
  const names =
    projects.length === 0
      ? 'none'
      : `${projects
          .slice(0, MOST_NAMES)
          .map(({ slug }) => slug)
          .join(', ')}${rest}`;
  const problem = name === undefined ? 'Which project?' : `There is ${found.length === 0 ? 'no' : 'more than one'} project ${name}.`;
  throw new CommandFailure(name === undefined ? EXIT.usage : EXIT.notFound, `${problem} Name one of: ${names}.`);
}
