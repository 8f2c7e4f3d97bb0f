// Calls route handlers the way Next does, as members and keys of organizations made for the test.
import { encode } from 'next-auth/jwt';
import type { MemberRole } from '#generated/prisma/enums.ts';
import { generateKey, hashKey, keyPrefix } from '#lib/api-keys/key-format.ts';
import { SESSION_COOKIE } from '#lib/auth/cookies.ts';
import { SCOPES, type Scope } from '#lib/contract/scopes.ts';
import { deriveKey } from '#lib/crypto/derive-key.ts';
import { ADDRESS_HEADER } from '#lib/kernel/client-address.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { newId } from '#lib/kernel/ids.ts';

type Handler = (request: Request, segment: { params: Promise<unknown> }) => Promise<Response>;

export interface Call {
  method?: string;
  /** With the query; only the part after the host. */
  path?: string;
  params?: Record<string, string | string[]>;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
  body: any;
}

/** Calls a handler; gives the answer with its body parsed, where it is JSON. */
export async function call(handler: Handler, { method = 'GET', path = '/api/v1/test', params = {}, body, headers = {} }: Call = {}): Promise<Answer> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const request = new Request(new URL(path, env.NEXTAUTH_URL), { method, headers, ...sent });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: isJson(response) && text !== '' ? JSON.parse(text) : text || undefined };
}

const isJson = ({ headers }: Response): boolean => /[/+]json\b/.test(headers.get('content-type') ?? '');

/** The header of a request that comes from that address. */
export const from = (address: string): Record<string, string> => ({ [ADDRESS_HEADER]: address });

export async function makeOrganization(): Promise<string> {
  const id = newId('org');
  await db.organization.create({ data: { id, name: 'Example Co', slug: id.toLowerCase() } });
  return id;
}

/** The headers of a new API key. */
export async function keyHeaders(
  organizationId: string,
  { scopes = [...SCOPES], ...more }: { scopes?: Scope[]; projectId?: string; expiresAt?: Date; revokedAt?: Date } = {},
): Promise<{ authorization: string }> {
  const key = generateKey();
  await db.apiKey.create({
    data: { id: newId('key'), organizationId, name: 'test', source: 'test', keyPrefix: keyPrefix(key), keyHash: hashKey(key), scopes, ...more },
  });
  return { authorization: `Bearer ${key}` };
}

/** The headers a browser sends for a session. */
export async function cookieHeaders(sessionId: string): Promise<{ cookie: string; origin: string }> {
  const token = await encode({ token: { sid: sessionId }, secret: deriveKey('session') });
  return { cookie: `other=1; ${SESSION_COOKIE.name}=${token}`, origin: new URL(env.NEXTAUTH_URL).origin };
}

/** As if the password had been given five minutes ago. */
export const makeStale = (sessionId: string): Promise<number> =>
  db.$executeRaw`UPDATE sessions SET verified_at = now() - interval '5 minutes' WHERE id = ${sessionId}`;

/** The headers of a new member who has just signed in, or gave the password five minutes ago. */
export async function memberHeaders(
  organizationId: string,
  role: MemberRole,
  { userId = newId('usr'), projectIds = null, isStale = false }: { userId?: string; projectIds?: string[] | null; isStale?: boolean } = {},
): Promise<{ cookie: string; origin: string }> {
  const sessionId = newId('ses');
  await db.user.create({ data: { id: userId, email: `${userId.toLowerCase()}@example.com`, passwordHash: 'none' } });
  const grants = { createMany: { data: (projectIds ?? []).map((projectId) => ({ projectId })) } };
  await db.member.create({ data: { organizationId, userId, role, isRestricted: projectIds !== null, grants } });
  await db.session.create({ data: { id: sessionId, organizationId, userId, expiresAt: new Date(Date.now() + 3_600_000) } });
  if (isStale) await makeStale(sessionId);
  return cookieHeaders(sessionId);
}
