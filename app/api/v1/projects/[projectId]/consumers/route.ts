import { createConsumer, listConsumers } from '#lib/consumers/consumers.ts';
import { projectParams } from '#lib/contract/common.ts';
import { consumerAnswer, consumerList, createConsumerBody } from '#lib/contract/consumer.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: projectParams,
  answer: consumerList,
  handle: async (context, { params }) => ({ consumers: await listConsumers(context, params.projectId) }),
});

export const POST = defineRoute({
  access: 'consumers.change',
  params: projectParams,
  body: createConsumerBody,
  answer: consumerAnswer,
  status: 201,
  handle: async (context, { params, body }) => ({ consumer: await createConsumer(context, params.projectId, body) }),
});

export * from '#lib/http/other-methods.ts';
