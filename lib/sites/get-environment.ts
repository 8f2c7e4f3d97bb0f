import type { EnvironmentParams, EnvironmentWire } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { loadEnvironment } from './load-environment.ts';
import { environmentToWire } from './to-wire.ts';

/** One environment. Throws not_found. */
export const getEnvironment = async (context: Context, params: EnvironmentParams): Promise<EnvironmentWire> =>
  environmentToWire(await loadEnvironment(context, params));
