import { deleteConsumer, updateConsumer } from '#lib/consumers/consumers.ts';
import { consumerAnswer, consumerParams, updateConsumerBody } from '#lib/contract/consumer.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const PATCH = defineRoute({
  access: 'consumers.change',
  params: consumerParams,
  body: updateConsumerBody,
  answer: consumerAnswer,
  handle: async (context, { params, body }) => ({ consumer: await updateConsumer(context, params, body) }),
});

export const DELETE = defineRoute({
  access: 'consumers.change',
  params: consumerParams,
  answer: null,
  handle: (context, { params }) => deleteConsumer(context, params),
});

export * from '#lib/http/other-methods.ts';
