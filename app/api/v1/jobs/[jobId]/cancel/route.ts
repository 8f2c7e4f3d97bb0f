import { z } from 'zod';
import { id } from '#lib/contract/common.ts';
import { jobAnswer } from '#lib/contract/job.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import { cancelRotation } from '#lib/rotation/request/cancel-rotation.ts';

export const POST = defineRoute({
  access: 'credentials.rotate',
  params: z.object({ jobId: id }),
  answer: jobAnswer,
  handle: async (context, { params }) => {
    await cancelRotation(context, params.jobId);
    return { job: await getJob(context, params.jobId) };
  },
});

export * from '#lib/http/other-methods.ts';
