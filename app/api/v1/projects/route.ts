import { createProjectAnswer, createProjectBody, projectList } from '#lib/contract/project.ts';
import { projectQuery } from '#lib/contract/project-list.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { listProjects } from '#lib/projects/list-projects.ts';

export const GET = defineRoute({
  access: 'projects.read',
  query: projectQuery,
  answer: projectList,
  handle: (context, { query }) => listProjects(context, query),
});

export const POST = defineRoute({
  access: 'projects.create',
  body: createProjectBody,
  answer: createProjectAnswer,
  status: 201,
  handle: (context, { body }) => createProject(context, body),
});

export * from '#lib/http/other-methods.ts';
