import { z } from 'zod';
import { id, limit, projectParams } from '#lib/contract/common.ts';
import { jobList } from '#lib/contract/job.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listJobs } from '#lib/jobs/jobs.ts';

export const GET = defineRoute({
  access: 'jobs.read',
  params: projectParams,
  query: z.object({ limit, cursor: id.optional() }),
  answer: jobList,
  handle: async (context, { params, query }) => {
    const { jobs, nextCursor } = await listJobs(context, params.projectId, query);
    return { jobs, next_cursor: nextCursor };
  },
});

export * from '#lib/http/other-methods.ts';
