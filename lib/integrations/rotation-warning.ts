import type { IntegrationTargetWire, IntegrationWire } from '#lib/contract/integration.ts';
import { PROVIDERS } from '#lib/contract/providers/providers.ts';
import { type Integration, IntegrationError, type OwnTarget, type Place } from './integration.ts';

const listed = new Intl.ListFormat('en');
const of = (targets: IntegrationTargetWire[]): string => listed.format(targets.map(({ target }) => target));

/**
 * What a rotation would do at an integration that is failing, holds a changed value or leaves out the value that wins
 * for a branch or an environment; null where nothing speaks against one. The old password ends once the new one has logged in, so a deployment there must not be left with it.
 */
export function rotationWarning({
  provider,
  name,
  targets,
  check_failure: checkFailure,
  overrides,
}: Pick<IntegrationWire, 'provider' | 'name' | 'targets' | 'check_failure' | 'overrides'>): IntegrationWire['rotation_warning'] {
  const place = `${PROVIDERS[provider].name}, ${name}`;
  const failed = targets.filter(({ state }) => state === 'failed');
  const stale = 'Fix it before you rotate: until then the next deployment there gets a password that no longer works.';
  if (failed.length > 0) return { code: 'integration_failing', message: `${place}: could not update ${of(failed)}. ${failed[0]?.failure ?? ''} ${stale}` };
  const drifted = targets.filter(({ state, kept_at: keptAt }) => state === 'drifted' && keptAt === null);
  if (drifted.length > 0)
    return { code: 'integration_drifted', message: `${place}: someone changed the value in ${of(drifted)}. A rotation overwrites it with the new password.` };
  if (checkFailure !== null) return { code: 'integration_failing', message: `${place}: the last check failed. ${checkFailure} ${stale}` };
  const winning = overrides.map(({ target, variables }) => `${target} holds its own ${listed.format(variables)}`);
  if (winning.length > 0)
    return {
      code: 'integration_overridden',
      message: `${place}: ${listed.format(winning)}, which Rekey does not update. If it holds this database’s password, add the target before you rotate.`,
    };
  return null;
}

/** The targets of a place that hold variables of their own; null where the provider does not say now. */
export async function listWinning(adapter: Integration, place: Place): Promise<OwnTarget[] | null> {
  try {
    return (await adapter.listOwnTargets(place)).filter(({ variables }) => variables.length > 0);
  } catch (error) {
    if (error instanceof IntegrationError) return null;
    throw error;
  }
}
