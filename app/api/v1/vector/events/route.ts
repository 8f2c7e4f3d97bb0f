import { vectorEvent, vectorEventQuery } from '#lib/contract/vector/account.ts';
import { pageVectorEvents } from '#lib/vector/audit-events.ts';
import { defineVectorList } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'audit.read',
  query: vectorEventQuery,
  item: vectorEvent,
  message: 'Events retrieved successfully',
  handle: (context, { query }) => pageVectorEvents(context, query),
});

export * from '#lib/vector/other-methods.ts';
