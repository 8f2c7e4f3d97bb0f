import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { call } from '#scripts/testing/call-api.ts';

const METHODS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'];

const files = globSync('app/api/**/route.ts', { exclude: ['app/api/auth/**'] });

it.each(files)('%s answers every method', async (file) => {
  const mend = "Next answers the rest with an empty body: end it with `export * from '#lib/http/other-methods.ts'`, or the one in vector/.";
  expect(Object.keys(await import(`../../${file}`)), mend).toEqual(expect.arrayContaining(METHODS));
});

it('the root of the API answers as every address that it does not have', async () => {
  const { GET } = await import('./route.ts');
  const answer = await call(GET, { path: '/api' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});

describe('a method that an address does not have', () => {
  it.each(['/api/v1', '/api/capydb/v1'])('is refused under %s with a problem that names those it has', async (base) => {
    const { DELETE } = await import('./v1/projects/route.ts');
    const answer = await call(DELETE, { method: 'DELETE', path: `${base}/projects?limit=1` });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed', status: 405, detail: expect.stringContaining('only GET, POST.') } });
    expect([answer.headers.get('content-type'), answer.headers.get('allow')]).toEqual(['application/problem+json', 'GET, POST']);
    expect(answer.headers.get('x-request-id')).toBe(answer.body.request_id);
  });

  it('names them under an address with slashes at its end, too', async () => {
    const { DELETE } = await import('./v1/projects/route.ts');
    for (const path of ['/api/v1/projects/', '/api/capydb/v1/projects//'])
      expect((await call(DELETE, { method: 'DELETE', path })).headers.get('allow')).toBe('GET, POST');
  });

  it('is refused in the sites dialect in its own form', async () => {
    const { PATCH } = await import('./v1/vector/environments/[environmentId]/route.ts');
    const answer = await call(PATCH, { method: 'PATCH', path: '/api/v1/vector/environments/env_1' });
    expect(answer).toMatchObject({ status: 405, body: { data: {}, http_status: 405 } });
    expect(answer.headers.get('allow')).toBe('GET, PUT, DELETE');
  });

  it('is refused where the document says nothing of the address', async () => {
    const { POST } = await import('./health/route.ts');
    expect((await call(POST, { method: 'POST', path: '/api/health' })).headers.get('allow')).toBe('GET');
  });
});
