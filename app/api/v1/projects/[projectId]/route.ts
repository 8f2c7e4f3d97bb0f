import { projectParams } from '#lib/contract/common.ts';
import { jobAnswer } from '#lib/contract/job.ts';
import { projectAnswer, updateProjectBody } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
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
