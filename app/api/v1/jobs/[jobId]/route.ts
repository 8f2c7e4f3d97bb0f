import { z } from 'zod';
import { defineRoute } from '#lib/http/define-route.ts';
import { id } from '#lib/http/wire/common.ts';
import { jobAnswer } from '#lib/http/wire/job.ts';
import { getJob } from '#lib/jobs/get-job.ts';

export const GET = defineRoute({
  access: 'jobs.read',
  params: z.object({ jobId: id }),
  answer: jobAnswer,
  handle: async (context, { params }) => ({ job: await getJob(context, params.jobId) }),
});

export * from '#lib/http/other-methods.ts';
