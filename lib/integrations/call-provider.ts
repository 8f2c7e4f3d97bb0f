import { Agent, type Dispatcher, request } from 'undici';
import type { z } from 'zod';
import type { Secret } from '#lib/crypto/secret.ts';
import { env } from '#lib/kernel/env.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { AddressRefusedError } from '#lib/outbound/outbound-agent.ts';
import { failureText } from './failures.ts';
import { classOf, type FoundPlace, IntegrationError, type IntegrationFailure } from './integration.ts';
import { retryAtOf } from './retry-at.ts';

/** Long lists of projects have a few hundred KB; a body beyond this is no answer. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

interface Question {
  dispatcher: Dispatcher;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  url: string;
  /** Sent as a bearer token; null where the address alone opens the door. */
  token: Secret | null;
  json?: unknown;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The parsed JSON; undefined where there is none. */
  body: unknown;
}

/**
 * Asks once and answers what came, whatever the status. Follows no redirect; time and body are limited.
 * @throws {IntegrationError} unreachable, timed_out, address_refused, answer_unreadable for a body that is too long
 */
export async function exchange({ dispatcher, method, url, token, json }: Question): Promise<Answer> {
  const signal = AbortSignal.timeout(env.REKEY_PROVIDER_TIMEOUT_MS);
  const headers = {
    accept: 'application/json',
    'user-agent': 'Rekey',
    ...(token && { authorization: `Bearer ${token.reveal()}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  try {
    const answer = await request(url, { dispatcher, method, headers, signal, body: json === undefined ? null : JSON.stringify(json) });
    return { status: answer.statusCode, headers: answer.headers, body: parse(await readText(answer.body)) };
  } catch (error) {
    if (error instanceof IntegrationError) throw error;
    if (error instanceof AddressRefusedError) throw new IntegrationError('address_refused');
    const isLate = signal.aborted || (error instanceof Error && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT');
    throw new IntegrationError(isLate ? 'timed_out' : 'unreachable');
  }
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop cuts the connection.
    if (bytes > BODY_LIMIT_BYTES) throw new IntegrationError('answer_unreadable');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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

/**
 * A path of an API: what is put into it is encoded, and cannot lead to another path.
 * @throws {IntegrationError} place_missing where a part is empty or a dot segment
 */
export function apiPath(parts: TemplateStringsArray, ...values: string[]): string {
  if (values.some((value) => ['', '.', '..'].includes(value))) throw new IntegrationError('place_missing');
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/** What a provider gives at once, and how many times it is asked. */
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

interface Wanted {
  search: string | undefined;
  limit: number;
}

/** Pages through a list that cannot be searched, until enough is found. `null` stands for a place that the token cannot change. */
export async function findInPages(
  { search = '', limit }: Wanted,
  readPage: (page: number, size: number) => Promise<(FoundPlace | null)[]>,
): Promise<FoundPlace[]> {
  const found: FoundPlace[] = [];
  for (let page = 1; page <= MAX_PAGES && found.length < limit; page++) {
    const places = await readPage(page, PAGE_SIZE);
    found.push(...places.filter((place) => place !== null).filter(({ name }) => name.toLowerCase().includes(search.toLowerCase())));
    if (places.length < PAGE_SIZE) break;
  }
  return found.slice(0, limit);
}

/**
 * Asks a provider while somebody waits for the answer.
 * @throws {DomainError} validation_failed naming `placeField` or the token, provider_failed
 */
export async function askProvider<T>(ask: () => Promise<T>, placeField: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const text = `${failureText(error.code, { isOver: true })} Nothing was changed.`;
    if (classOf(error.code) === 'auth') throw invalidField('token', text);
    if (error.code === 'place_missing') throw invalidField(placeField, text);
    throw new DomainError('provider_failed', text);
  }
}
