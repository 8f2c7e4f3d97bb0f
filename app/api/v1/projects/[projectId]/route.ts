import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { jobAnswer } from '#lib/http/wire/job.ts';
import { projectAnswer, updateProjectBody } from '#lib/http/wire/project.ts';
import { deleteProject } from '#lib/projects/delete-project.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { updateProject } from '#lib/projects/update-project.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: projectParams,
  answer: projectAnswer,
  handle: async (context, { params }) => ({ project: await getProject(context, params.projectId) }),
});

export const PATCH = defineRoute({
  access: 'projects.change',
  params: projectParams,
  body: updateProjectBody,
  answer: projectAnswer,
  handle: async (context, { params, body }) => ({ project: await updateProject(context, params.projectId, body) }),
});

export const DELETE = defineRoute({
  access: 'projects.change',
  params: projectParams,
  answer: jobAnswer,
  handle: async (context, { params }) => ({ job: await deleteProject(context, params.projectId) }),
});

export * from '#lib/http/other-methods.ts';
