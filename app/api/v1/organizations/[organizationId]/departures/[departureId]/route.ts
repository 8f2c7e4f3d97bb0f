import { departureAnswer, departureParams } from '#lib/contract/member.ts';
import { getDeparture } from '#lib/departures/departures.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'members.read',
  params: departureParams,
  answer: departureAnswer,
  handle: async (context, { params }) => ({ departure: await getDeparture(context, params.departureId) }),
});

export * from '#lib/http/other-methods.ts';
