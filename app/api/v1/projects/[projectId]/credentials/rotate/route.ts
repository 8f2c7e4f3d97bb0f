import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { jobAnswer, rotateBody } from '#lib/http/wire/job.ts';
import { getJob } from '#lib/jobs/get-job.ts';
import { requestRotation } from '#lib/rotation/request-rotation.ts';

export const POST = defineRoute({
  access: 'credentials.rotate',
  params: projectParams,
  body: rotateBody,
  isExact: true,
  answer: jobAnswer,
  status: 202,
  handle: async (context, { params, body }) => {
    const { jobId } = await requestRotation(context, params.projectId, body);
    return { job: await getJob(context, jobId) };
  },
});

export * from '#lib/http/other-methods.ts';
