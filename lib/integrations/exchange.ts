import { type Dispatcher, request } from 'undici';
import type { Secret } from '#lib/crypto/secret.ts';
import { env } from '#lib/kernel/env.ts';
import { AddressRefusedError } from '#lib/outbound/outbound-agent.ts';
import { IntegrationError } from './integration.ts';

/** Long lists of projects have a few hundred KB; a body beyond this is no answer. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

export interface Question {
  dispatcher: Dispatcher;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  url: string;
  /** Sent as a bearer token; null where the address alone opens the door. */
  token: Secret | null;
  json?: unknown;
}

export interface Answer {
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
