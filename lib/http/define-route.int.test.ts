import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, cookieHeaders, from, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { answerUnknown } from './answer-unknown.ts';
import { defineRoute } from './define-route.ts';

const CANARY = 'c4n4ry-s3cret';
const read = defineRoute({
  access: 'projects.read',
  answer: z.object({ organization: z.string() }),
  handle: async (context) => ({ organization: context.organizationId, hidden: CANARY }),
});
const write = defineRoute({
  access: 'projects.change',
  body: z.strictObject({ name: z.string().max(5), mode: z.enum(['a', 'b']).optional() }),
  answer: null,
  handle: async () => {},
});
const fail = (error: unknown) => defineRoute({ access: 'projects.read', answer: z.object({}), handle: () => Promise.reject(error) });

const organizationId = await makeOrganization();
const key = await keyHeaders(organizationId);

describe('who asks', () => {
  it('is found by an API key, and only what the schema names leaves', async () => {
    const { status, body, headers } = await call(read, { headers: key });
    expect([status, body]).toEqual([200, { organization: organizationId }]);
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is found by the session cookie', async () => {
    expect(await call(read, { headers: await memberHeaders(organizationId, 'viewer') })).toMatchObject({ status: 200, body: { organization: organizationId } });
  });

  it('is nobody without either', async () => {
    const { status, body, headers } = await call(read);
    expect(status).toBe(401);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'urn:rekey:problem:unauthenticated',
      title: 'Sign in or send an API key',
      status: 401,
      detail: expect.stringContaining('Nobody is signed in'),
      code: 'unauthenticated',
      request_id: headers.get('x-request-id'),
      error: body.detail,
    });
  });

  it.each([
    ['not a bearer token', 'Basic dTpw', /Send the API key as/],
    ['an unknown key', `Bearer ${'x'.repeat(40)}`, /not known/],
    ['a key cut short', key.authorization.slice(0, -3), /incomplete or mistyped/],
  ])('is nobody with %s', async (_name, authorization, detail) => {
    expect(await call(read, { headers: { authorization } })).toMatchObject({ status: 401, body: { detail: expect.stringMatching(detail) } });
  });

  it('is nobody with a revoked or expired key, at once', async () => {
    const live = await keyHeaders(organizationId);
    expect((await call(read, { headers: live })).status).toBe(200);
    await db.apiKey.updateMany({ where: { keyPrefix: live.authorization.slice(7, 19) }, data: { revokedAt: new Date() } });
    expect(await call(read, { headers: live })).toMatchObject({ status: 401, body: { detail: expect.stringContaining('revoked') } });
    const expired = await keyHeaders(organizationId, { expiresAt: new Date(Date.now() - 1) });
    expect(await call(read, { headers: expired })).toMatchObject({ status: 401, body: { detail: expect.stringContaining('expired') } });
  });

  it('is nobody with a session that is revoked, over, unknown, forged, or of a former member', async () => {
    const signedIn = await memberHeaders(organizationId, 'owner');
    const [session] = await db.session.findMany({ where: { organizationId }, orderBy: { createdAt: 'desc' }, take: 1 });
    const id = session?.id ?? '';
    const ask = async () => (await call(read, { headers: signedIn })).status;
    expect(await ask()).toBe(200);
    await db.session.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await ask()).toBe(401);
    await db.session.update({ where: { id }, data: { expiresAt: new Date(Date.now() + 60_000), revokedAt: new Date() } });
    expect(await ask()).toBe(401);
    await db.session.update({ where: { id }, data: { revokedAt: null } });
    expect(await ask()).toBe(200);
    await db.member.deleteMany({ where: { userId: session?.userId ?? '' } });
    expect(await ask()).toBe(401);
    expect((await call(read, { headers: await cookieHeaders(newId('ses')) })).status).toBe(401);
    expect((await call(read, { headers: { cookie: 'next-auth.session-token=forged' } })).status).toBe(401);
  });
});

describe('a refusal', () => {
  const refusals = () => db.auditEvent.findMany({ where: { organizationId, outcome: 'refused' }, orderBy: { seq: 'asc' } });

  it('goes on record with who, what and why: once a minute, however often it is tried', async () => {
    const before = (await refusals()).length;
    const viewer = await memberHeaders(organizationId, 'viewer');
    for (let tries = 0; tries < 3; tries++)
      expect(
        (
          await call(write, {
            method: 'POST',
            body: { name: 'x' },
            headers: { ...viewer, ...from('10.0.9.40') },
            params: { projectId: 'prj_foreign' },
          })
        ).status,
      ).toBe(403);
    const limited = await keyHeaders(organizationId, { scopes: ['projects:read'] });
    const { body } = await call(write, { method: 'POST', body: { name: 'x' }, headers: limited });
    expect((await refusals()).slice(before)).toMatchObject([
      {
        action: 'access.refused',
        actorKind: 'user',
        actorRole: 'viewer',
        method: 'session',
        address: '10.0.9.40',
        projectId: null,
        reason: expect.stringContaining('needs the role'),
        metadata: { code: 'forbidden', right: 'projects.change' },
      },
      {
        action: 'access.refused',
        method: 'api_key',
        keyId: expect.stringMatching(/^key_/),
        requestId: body.request_id,
        reason: expect.stringContaining('lacks the scope'),
      },
    ]);
  });

  it('goes on record for a session’s request from another site', async () => {
    const before = (await refusals()).length;
    const { cookie } = await memberHeaders(organizationId, 'owner');
    await call(write, { method: 'POST', body: { name: 'x' }, headers: { cookie, origin: 'https://evil.example' } });
    expect((await refusals()).slice(before)).toMatchObject([{ action: 'access.refused', actorRole: 'owner', metadata: { code: 'origin_refused' } }]);
  });
});

describe('a change that rides on the cookie', () => {
  const send = async (origin: string | undefined, host?: string) => {
    const { cookie } = await memberHeaders(organizationId, 'owner');
    return call(write, { method: 'POST', body: { name: 'x' }, headers: { cookie, ...(origin && { origin }), ...(host && { host }) } });
  };

  it('passes from the dashboard’s own address, by either name', async () => {
    expect((await send('http://127.0.0.1:3000')).status).toBe(204);
    expect((await send('http://localhost:3000', 'localhost:3000')).status).toBe(204);
  });

  it.each([['http://evil.example'], ['null'], ['http://127.0.0.1:3001'], [undefined]])('is refused from %s', async (origin) => {
    expect(await send(origin)).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
  });

  it('is refused at another host, though the origin is the same: a name that was made to lead here', async () => {
    expect(await send('http://evil.example:3000', 'evil.example:3000')).toMatchObject({ status: 421, body: { code: 'host_refused' } });
    expect(await call(read, { headers: { ...key, host: 'evil.example' } })).toMatchObject({ status: 421 });
  });

  it('needs no origin with an API key', async () => {
    expect((await call(write, { method: 'POST', body: { name: 'x' }, headers: key })).status).toBe(204);
  });
});

describe('what is sent', () => {
  const send = (body: unknown) => call(write, { method: 'POST', body, headers: key });

  it('must be JSON', async () => {
    const { status, body } = await send(`{"name": "${CANARY}`);
    expect([status, body.code]).toEqual([400, 'malformed_body']);
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('is refused with an error per field, unknown fields included, and never quoted', async () => {
    const { status, body } = await send({ name: CANARY, mode: CANARY, colour: CANARY });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'validation_failed',
      errors: { name: ['Use 5 characters at most.'], mode: ['Use one of: a, b.'], colour: ['There is no such field.'] },
    });
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('may lack a body, which counts as an empty object', async () => {
    expect((await send(undefined)).body.errors).toEqual({ name: ['This is missing.'] });
    expect((await send('[]')).body.errors).toEqual({ body: ['Use an object.'] });
  });

  it('is not read past 1 MB', async () => {
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        if (pulled > 160) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request('http://127.0.0.1:3000/api/v1/test', { method: 'POST', body: stream, headers: key, duplex: 'half' } as RequestInit);
    const response = await write(request, { params: Promise.resolve({}) });
    expect([response.status, (await response.json()).code]).toEqual([413, 'body_too_large']);
    expect(pulled).toBeLessThan(20);
  });

  it('is refused unread where it says itself that it is too large', async () => {
    const answer = await call(write, { method: 'POST', body: '{}', headers: { ...key, 'content-length': '10485760' } });
    expect(answer.status).toBe(413);
  });
});

describe('what fails', () => {
  it('unforeseen leaves as constant text', async () => {
    const { status, body } = await call(fail(new Error(`connection string postgres://u:${CANARY}@h failed`)), { headers: key });
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('by an answer outside its schema leaves as constant text too', async () => {
    const route = defineRoute({
      access: 'projects.read',
      answer: z.object({ count: z.number() }),
      handle: async () => ({ count: CANARY as unknown as number }),
    });
    const { status, body } = await call(route, { headers: key });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('foreseen leaves in its own words, with the job in the way and when to try again', async () => {
    const error = new DomainError('rotation_in_progress', 'One is running.', { jobId: 'job_1', retryAfterSeconds: 7 });
    const { status, body, headers } = await call(fail(error), { headers: key });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'rotation_in_progress', job_id: 'job_1', detail: 'One is running.', error: 'One is running.' });
    expect(headers.get('retry-after')).toBe('7');
  });

  it('for want of a route is a problem as well', async () => {
    expect(await call(answerUnknown, { method: 'POST', path: '/api/v1/nothing/here' })).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: 'The API has no POST /api/v1/nothing/here.' },
    });
  });
});
