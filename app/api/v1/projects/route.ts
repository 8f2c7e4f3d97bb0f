import { z } from 'zod';
import { defineRoute } from '#lib/http/define-route.ts';
import { id } from '#lib/http/wire/common.ts';
import { createProjectAnswer, createProjectBody, projectList } from '#lib/http/wire/project.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { listProjects } from '#lib/projects/list-projects.ts';

export const GET = defineRoute({
  access: 'projects.read',
  query: z.object({ organization_id: id.optional() }),
  answer: projectList,
  handle: async (context, { query }) => ({ projects: await listProjects(context, query.organization_id) }),
});

export const POST = defineRoute({
  access: 'projects.create',
  body: createProjectBody,
  answer: createProjectAnswer,
  status: 201,
  handle: (context, { body }) => createProject(context, body),
});

export * from '#lib/http/other-methods.ts';
