import { listCheckpoints } from '#lib/audit/checkpoints.ts';
import { checkpointQuery } from '#lib/contract/audit.ts';
import { defineFileRoute } from '#lib/http/define-route.ts';
import { fileResponse } from '#lib/http/file-response.ts';

export const GET = defineFileRoute({
  access: 'audit.verify',
  query: checkpointQuery,
  formats: ['jsonl'],
  handle: async (context, { query }) =>
    fileResponse((await listCheckpoints(context, query)).map((one) => `${JSON.stringify(one)}\n`).join(''), 'audit-checkpoints', 'jsonl'),
});

export * from '#lib/http/other-methods.ts';
