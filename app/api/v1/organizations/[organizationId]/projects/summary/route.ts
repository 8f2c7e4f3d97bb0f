import { projectSummaryAnswer, projectSummaryQuery } from '#lib/contract/project-summary.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { summarizeProjects } from '#lib/projects/summarize-projects.ts';

export const GET = defineRoute({
  access: 'projects.read',
  query: projectSummaryQuery,
  answer: projectSummaryAnswer,
  handle: async (context, { query }) => ({ summary: await summarizeProjects(context, query) }),
});

export * from '#lib/http/other-methods.ts';
