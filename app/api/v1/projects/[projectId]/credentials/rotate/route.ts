import { projectParams } from '#lib/contract/common.ts';
import { rotateAnswer, rotateBody } from '#lib/contract/job.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { warningsOfLogin } from '#lib/integrations/warnings-of-login.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';

export const POST = defineRoute({
  access: 'credentials.rotate',
  params: projectParams,
  body: rotateBody,
  isExact: true,
  answer: rotateAnswer,
  status: 202,
  handle: async (context, { params, body }) => {
    const { jobId } = await requestRotation(context, params.projectId, body);
    const [job, warnings] = await Promise.all([getJob(context, jobId), warningsOfLogin(context, params.projectId)]);
    return { job, warnings };
  },
});

export * from '#lib/http/other-methods.ts';
