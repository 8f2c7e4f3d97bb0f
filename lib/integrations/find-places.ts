import type { Context } from '#lib/context.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { FindPlacesBody, PlaceListWire } from '#lib/http/wire/integration.ts';
import { loadProject } from '#lib/projects/load-project.ts';
import { askProvider } from './ask-provider.ts';
import { targetsOf } from './config.ts';
import type { Provider } from './integration.ts';
import { integrationFor } from './registry.ts';

const LIMIT = 100;

/** The projects, sites or repositories that a token can change, and what may be chosen there. The token is not kept. Throws not_found, validation_failed, provider_failed. */
export async function findPlaces(context: Context, projectId: string, provider: Provider, { token, search }: FindPlacesBody): Promise<PlaceListWire> {
  await loadProject(context, projectId);
  const { listPlaces, targets, redeployBy } = integrationFor(provider);
  const places = await askProvider(() => listPlaces(new Secret(token), { limit: LIMIT, ...(search && { search }) }), 'token');
  const { default: defaults, previews } = targetsOf(provider);
  return {
    places: places.map(({ externalId, accountId, name }) => ({ external_id: externalId, account_id: accountId, name })),
    targets: [...targets],
    default_targets: [...defaults],
    preview_targets: [...previews],
    redeploy_by: [...redeployBy],
  };
}
