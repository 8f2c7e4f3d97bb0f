import { listCheckpoints } from '#lib/audit/list-checkpoints.ts';
import { defineFileRoute } from '#lib/http/define-route.ts';
import { fileResponse } from '#lib/http/file-response.ts';

export const GET = defineFileRoute({
  access: 'audit.verify',
  formats: ['jsonl'],
  handle: async (context) => fileResponse((await listCheckpoints(context)).map((one) => `${JSON.stringify(one)}\n`).join(''), 'audit-checkpoints', 'jsonl'),
});

export * from '#lib/http/other-methods.ts';
