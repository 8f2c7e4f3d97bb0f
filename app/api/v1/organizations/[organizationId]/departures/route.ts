import { listQuery } from '#lib/contract/common.ts';
import { departureList } from '#lib/contract/member.ts';
import { listDepartures } from '#lib/departures/departures.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'members.read',
  query: listQuery,
  answer: departureList,
  handle: (context, { query }) => listDepartures(context, query),
});

export * from '#lib/http/other-methods.ts';
