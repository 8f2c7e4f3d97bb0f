import type { z } from 'zod';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type ProjectWire, projectList } from '#lib/contract/project.ts';

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
