import { changeProjectsAnswer, changeProjectsBody } from '#lib/contract/project-list.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { changeProjects } from '#lib/projects/change-projects.ts';

export const POST = defineRoute({
  access: 'projects.change-many',
  body: changeProjectsBody,
  isExact: true,
  answer: changeProjectsAnswer,
  handle: (context, { body }) => changeProjects(context, body),
});

export * from '#lib/http/other-methods.ts';
