import { providerParams } from '#lib/contract/integration.ts';
import { jobAnswer } from '#lib/contract/job.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { requestSync } from '#lib/integrations/request-sync.ts';
import { getJob } from '#lib/jobs/jobs.ts';

export const POST = defineRoute({
  access: 'integrations.sync',
  params: providerParams,
  answer: jobAnswer,
  status: 202,
  handle: async (context, { params }) => {
    const { jobId } = await requestSync(context, params.projectId, params.provider);
    return { job: await getJob(context, jobId) };
  },
});

export * from '#lib/http/other-methods.ts';
