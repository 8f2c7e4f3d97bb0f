import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { jobAnswer } from '#lib/http/wire/job.ts';
import { getJob } from '#lib/jobs/get-job.ts';
import { requestVerification } from '#lib/rotation/request-verification.ts';

export const POST = defineRoute({
  access: 'connection.verify',
  params: projectParams,
  answer: jobAnswer,
  status: 202,
  handle: async (context, { params }) => {
    const { jobId } = await requestVerification(context, params.projectId);
    return { job: await getJob(context, jobId) };
  },
});

export * from '#lib/http/other-methods.ts';
