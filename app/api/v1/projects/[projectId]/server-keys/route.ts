import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { createProjectAnswer, trustServerKeyBody } from '#lib/http/wire/project.ts';
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
