import { pageVectorEvents } from '#lib/audit/page-vector-events.ts';
import { defineVectorList } from '#lib/http/vector/define-vector-route.ts';
import { vectorEvent, vectorEventQuery } from '#lib/http/wire/vector/account.ts';

export const GET = defineVectorList({
  access: 'audit.read',
  query: vectorEventQuery,
  item: vectorEvent,
  message: 'Events retrieved successfully',
  handle: (context, { query }) => pageVectorEvents(context, query),
});

export * from '#lib/http/vector/other-methods.ts';
