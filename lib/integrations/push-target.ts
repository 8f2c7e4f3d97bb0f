import { failpoint } from '#lib/kernel/failpoint.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { SyncFailure } from './failures.ts';
import { type HeldValue, type Integration, IntegrationError, type Place, type Variable } from './integration.ts';

/** What became of one target. */
export interface TargetOutcome {
  state: 'in_sync' | 'unverified' | 'failed' | 'drifted';
  /** Whether the provider took all variables. */
  wasTaken: boolean;
  failureCode: SyncFailure | null;
  refusals: { name: string; code: SyncFailure }[];
  /** When the provider asked to be left alone until. */
  retryAt: Date | null;
}

const outcome = (state: TargetOutcome['state'], more: Partial<TargetOutcome> = {}): TargetOutcome => ({
  state,
  wasTaken: false,
  failureCode: null,
  refusals: [],
  retryAt: null,
  ...more,
});

/** Puts the variables of one target and looks what stands there then. Never throws: what went wrong is in the outcome. */
export async function pushTarget(adapter: Integration, place: Place, target: string, variables: Variable[]): Promise<TargetOutcome> {
  try {
    const refusals = await adapter.putVariables(place, target, variables);
    await failpoint('sync.put');
    const [first] = refusals;
    if (first) return outcome('failed', { failureCode: first.code, refusals });
  } catch (error) {
    return outcome('failed', failureOf(error));
  }
  try {
    return judgeHeld(await adapter.compareVariables(place, target, variables), variables.length);
  } catch (error) {
    // It was taken; only that it is there could not be seen.
    return outcome('unverified', { wasTaken: true, ...failureOf(error) });
  }
}

/** What it means that a target holds its `wanted` variables so, by name. */
export function judgeHeld(held: Record<string, HeldValue>, wanted: number): TargetOutcome {
  const code: SyncFailure = 'changed_there';
  const changed = Object.keys(held).filter((name) => held[name] === 'other' || held[name] === 'absent');
  const values = Object.values(held);
  if (changed.length > 0 || values.length !== wanted) return outcome('drifted', { failureCode: code, refusals: changed.map((name) => ({ name, code })) });
  return outcome(values.includes('unreadable') ? 'unverified' : 'in_sync', { wasTaken: true });
}

function failureOf(error: unknown): Pick<TargetOutcome, 'failureCode' | 'retryAt'> {
  if (error instanceof IntegrationError) return { failureCode: error.code, retryAt: error.retryAt };
  log.error({ error: describeError(error) }, 'an integration failed');
  return { failureCode: 'unforeseen', retryAt: null };
}
