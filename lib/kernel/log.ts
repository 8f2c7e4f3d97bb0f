import { pino } from 'pino';
import { env } from './env.ts';

/** Structured lines on standard output. Log codes and ids; never an error's own message, which may quote a secret. */
export const log = pino({ level: env.REKEY_LOG_LEVEL, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });

/** An error reduced to what is safe to write down: its class, its code, and where it was thrown. */
export function describeError(error: unknown): { name: string; code?: string; at?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = error.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim();
  return { name: error.name, ...(code && { code }), ...(at && { at }) };
}
