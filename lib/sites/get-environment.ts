import type { Context } from '#lib/context.ts';
import type { EnvironmentParams, EnvironmentWire } from '#lib/http/wire/vector/site.ts';
import { loadEnvironment } from './load-environment.ts';
import { environmentToWire } from './to-wire.ts';

/** One environment. Throws not_found. */
export const getEnvironment = async (context: Context, params: EnvironmentParams): Promise<EnvironmentWire> =>
  environmentToWire(await loadEnvironment(context, params));
