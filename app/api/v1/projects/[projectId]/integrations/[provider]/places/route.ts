import { findPlacesBody, placeList, providerParams } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { findPlaces } from '#lib/integrations/find-places.ts';

export const POST = defineRoute({
  access: 'integrations.manage',
  params: providerParams,
  body: findPlacesBody,
  answer: placeList,
  handle: (context, { params, body }) => findPlaces(context, params.projectId, params.provider, body),
});

export * from '#lib/http/other-methods.ts';
