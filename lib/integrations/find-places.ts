import type { FindPlacesBody, PlaceListWire } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { loadProject } from '#lib/logins/load-project.ts';
import { askProvider } from './call-provider.ts';
import { defaultVariables, targetsOf } from './config.ts';
import { failureText } from './failures.ts';
import { loadIntegration } from './integrations.ts';
import { redeployWays } from './may-redeploy.ts';
import { integrationFor } from './registry.ts';
import { openToken } from './seal-token.ts';

const LIMIT = 100;

/**
 * The projects, sites or repositories that a token can change, and what may be chosen there; of one that is named, the
 * targets of its own and what it inherits too. A token that is given is not kept. Throws not_found, validation_failed, provider_failed,
 * conflict where the token of the integration cannot be decrypted.
 */
export async function findPlaces(context: Context, projectId: string, provider: Provider, body: FindPlacesBody): Promise<PlaceListWire> {
  const { database } = await loadProject(context, projectId);
  const adapter = integrationFor(provider);
  const { all: targets, default: defaults, previews } = targetsOf(provider);
  const { token, named } = await placeOf(context, projectId, provider, body);
  const { places, own, inherited } = await askProvider(
    async () => {
      if (!named) return { places: await adapter.listPlaces(token, { limit: LIMIT, ...(body.search && { search: body.search }) }), own: [], inherited: [] };
      const place = await adapter.readPlace({ ...named, token });
      const own = await adapter.listOwnTargets({ ...place, token });
      return { places: [place], own, inherited: await adapter.listInherited({ ...place, token }) };
    },
    body.external_id === undefined ? 'token' : 'external_id',
  );
  return {
    places: places.map(({ externalId, accountId, name }) => ({ external_id: externalId, account_id: accountId, name })),
    targets,
    default_targets: defaults,
    default_variables: defaultVariables(database.server.engine),
    preview_targets: previews,
    own_targets: own,
    inherited,
    redeploy_by: redeployWays(provider),
  };
}

/** The token to ask with, and the place that is meant. The token of an integration tells of its own place alone. */
async function placeOf(
  context: Context,
  projectId: string,
  provider: Provider,
  { token, external_id: externalId, account_id: accountId = null }: FindPlacesBody,
) {
  if (token !== undefined) return { token: new Secret(token), named: externalId === undefined ? null : { externalId, accountId } };
  const row = await loadIntegration(context, projectId, provider);
  try {
    return { token: await openToken(row), named: { externalId: row.externalId, accountId: row.accountId } };
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    throw new DomainError('conflict', failureText('secret_unreadable', { isOver: true }));
  }
}
