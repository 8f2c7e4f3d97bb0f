import { tickTask } from '#lib/consumers/consumers.ts';
import { consumerTaskAnswer, consumerTaskParams } from '#lib/contract/consumer.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'tasks.tick',
  params: consumerTaskParams,
  answer: consumerTaskAnswer,
  handle: async (context, { params }) => ({ task: await tickTask(context, params, true) }),
});

export const DELETE = defineRoute({
  access: 'tasks.tick',
  params: consumerTaskParams,
  answer: consumerTaskAnswer,
  handle: async (context, { params }) => ({ task: await tickTask(context, params, false) }),
});

export * from '#lib/http/other-methods.ts';
