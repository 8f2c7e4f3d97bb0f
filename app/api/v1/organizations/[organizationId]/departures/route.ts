import { listDepartures } from '#lib/departures/list-departures.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { departureList } from '#lib/http/wire/member.ts';

export const GET = defineRoute({
  access: 'members.read',
  answer: departureList,
  handle: async (context) => ({ departures: await listDepartures(context) }),
});

export * from '#lib/http/other-methods.ts';
