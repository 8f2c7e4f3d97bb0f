import { Agent } from 'undici';
import type { z } from 'zod';
import type { Secret } from '#lib/crypto/secret.ts';
import { type Answer, exchange, type Question } from './exchange.ts';
import { IntegrationError, type IntegrationFailure } from './integration.ts';
import { retryAtOf } from './retry-at.ts';

/** Whose addresses the operator sets: they need no guard. */
const dispatcher = new Agent({ allowH2: false });

export interface ProviderCall {
  method: Question['method'];
  url: string;
  token: Secret;
  /** Parameters that are undefined or null are left out. */
  query?: Record<string, string | null | undefined>;
  json?: unknown;
}

/** What an answer says in the provider's own way, which its status alone does not; null where the status says it all. */
export type Explain = (answer: Answer) => IntegrationFailure | null;

/**
 * Asks a provider and answers what `schema` makes of it.
 * @throws {IntegrationError} for every answer but a 2xx one that the schema knows
 */
export async function callProvider<S extends z.ZodType>(schema: S, { query = {}, url, ...call }: ProviderCall, explain: Explain): Promise<z.output<S>> {
  const given = Object.entries(query).flatMap(([name, value]) => (value == null ? [] : [[name, value]]));
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  const answer = await exchange({ ...call, dispatcher, url: `${url}${search}` });
  refuseFailure(answer, call.method === 'GET', explain);
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) throw new IntegrationError('answer_unreadable');
  return parsed.data;
}

/** Throws the failure that an answer tells of, if it does. */
export function refuseFailure(answer: Answer, isRead: boolean, explain: Explain): void {
  if (answer.status >= 200 && answer.status < 300) return;
  const code = explain(answer) ?? failureOf(answer.status, isRead);
  throw new IntegrationError(code, retryAtOf(answer, code === 'rate_limited'));
}

function failureOf(status: number, isRead: boolean): IntegrationFailure {
  if (status >= 500) return 'provider_failed';
  switch (status) {
    case 400:
    case 413:
    case 422:
      // In a read there is nothing but the place that could be wrong.
      return isRead ? 'place_missing' : 'value_refused';
    case 401:
      return 'token_refused';
    case 402:
      return 'account_blocked';
    case 403:
      return 'permission_missing';
    case 404:
    case 410:
      return 'place_missing';
    // Something else is being done with the place at this moment.
    case 408:
    case 409:
    case 423:
    case 425:
      return 'provider_failed';
    case 429:
      return 'rate_limited';
    default:
      return 'answer_unreadable';
  }
}
