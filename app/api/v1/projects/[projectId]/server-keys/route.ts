import { projectParams } from '#lib/contract/common.ts';
import { createProjectAnswer, trustServerKeyBody } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { trustServerKey } from '#lib/projects/trust-server-key.ts';

export const POST = defineRoute({
  access: 'protection.change',
  params: projectParams,
  body: trustServerKeyBody,
  answer: createProjectAnswer,
  status: 202,
  handle: (context, { params, body }) => trustServerKey(context, params.projectId, body),
});

export * from '#lib/http/other-methods.ts';
