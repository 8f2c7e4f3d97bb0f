import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { jobAnswer } from '#lib/http/wire/job.ts';
import { verifyBody } from '#lib/http/wire/project.ts';
import { getJob } from '#lib/jobs/get-job.ts';
import { requestVerification } from '#lib/rotation/request-verification.ts';

export const POST = defineRoute({
  access: 'connection.verify',
  params: projectParams,
  body: verifyBody,
  answer: jobAnswer,
  status: 202,
  handle: async (context, { params, body }) => {
    const { jobId } = await requestVerification(context, params.projectId, body);
    return { job: await getJob(context, jobId) };
  },
});

export * from '#lib/http/other-methods.ts';
