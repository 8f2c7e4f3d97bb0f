import { requestVerification } from '#lib/checks/request-verification.ts';
import { projectParams } from '#lib/contract/common.ts';
import { jobAnswer } from '#lib/contract/job.ts';
import { verifyBody } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { getJob } from '#lib/jobs/jobs.ts';

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
