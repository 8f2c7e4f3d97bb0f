import { z } from 'zod';
import { id } from '#lib/contract/common.ts';
import { jobAnswer } from '#lib/contract/job.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { getJob } from '#lib/jobs/jobs.ts';

export const GET = defineRoute({
  access: 'jobs.read',
  params: z.object({ jobId: id }),
  answer: jobAnswer,
  handle: async (context, { params }) => ({ job: await getJob(context, params.jobId) }),
});

export * from '#lib/http/other-methods.ts';
