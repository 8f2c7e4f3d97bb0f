import { departureAnswer, departureParams } from '#lib/contract/member.ts';
import { requestDeparture } from '#lib/departures/request-departure.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'members.manage',
  params: departureParams,
  answer: departureAnswer,
  status: 202,
  handle: async (context, { params }) => ({ departure: await requestDeparture(context, params.departureId) }),
});

export * from '#lib/http/other-methods.ts';
