import { z } from 'zod';
import { defineRoute } from '#lib/http/define-route.ts';
import { id } from '#lib/http/wire/common.ts';
import { jobAnswer } from '#lib/http/wire/job.ts';
import { getJob } from '#lib/jobs/get-job.ts';
import { cancelRotation } from '#lib/rotation/cancel-rotation.ts';

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
