import { defineRoute } from '#lib/http/define-route.ts';
import { changeProjectsAnswer, changeProjectsBody } from '#lib/http/wire/project-list.ts';
import { changeProjects } from '#lib/projects/change-projects.ts';

export const POST = defineRoute({
  access: 'projects.change-many',
  body: changeProjectsBody,
  isExact: true,
  answer: changeProjectsAnswer,
  handle: (context, { body }) => changeProjects(context, body),
});

export * from '#lib/http/other-methods.ts';
