import { afterEach, expect, test, vi } from 'vitest';
import { problemResponse } from '#lib/http/problem.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { apiSend, setAskPerson } from './api-client.ts';

/** Answers `stale` until the person has confirmed. */
function server() {
  const state = { isFresh: false, requests: [] as string[] };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    state.requests.push(`${init.method} ${url} ${init.body}`);
    return state.isFresh ? Response.json({ ok: true }) : problemResponse(new DomainError('reauthentication_required', 'Confirm that it is you.'), 'req_1');
  });
  return state;
}
const rotate = () => apiSend('POST', '/rotate', { reason: 'routine' });

afterEach(() => {
  setAskPerson('password', null);
  vi.unstubAllGlobals();
});

test('a stale session is confirmed once for all that wait, and each request is sent again as it was', async () => {
  const state = server();
  const ask = vi.fn(async () => {
    state.isFresh = true;
    return true;
  });
  setAskPerson('password', ask);
  expect(await Promise.all([rotate(), rotate()])).toEqual([{ ok: true }, { ok: true }]);
  expect(ask).toHaveBeenCalledOnce();
  expect(state.requests).toEqual(Array(4).fill('POST /api/v1/rotate {"reason":"routine"}'));
});

test('whoever does not confirm is told why nothing was done, and asked anew the next time', async () => {
  const state = server();
  const ask = vi.fn(async () => false);
  setAskPerson('password', ask);
  await expect(rotate()).rejects.toMatchObject({ code: 'reauthentication_required', message: 'Confirm that it is you.' });
  await expect(rotate()).rejects.toMatchObject({ code: 'reauthentication_required' });
  expect(ask).toHaveBeenCalledTimes(2);
  expect(state.requests).toHaveLength(2);
});

test('where the session has ended the person signs in again once, and what was sent is sent again', async () => {
  let isSignedIn = false;
  vi.stubGlobal('fetch', async () => (isSignedIn ? Response.json({ ok: true }) : problemResponse(new DomainError('unauthenticated', 'Sign in.'), 'req_1')));
  const ask = vi.fn(async () => {
    isSignedIn = true;
    return true;
  });
  setAskPerson('sign_in', ask);
  expect(await Promise.all([rotate(), rotate()])).toEqual([{ ok: true }, { ok: true }]);
  expect(ask).toHaveBeenCalledOnce();
  setAskPerson('sign_in', null);
  isSignedIn = false;
  await expect(rotate()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('refusals of both dialects keep their own words, and an answer that Rekey did not send is called unexpected', async () => {
  const answers = [
    Response.json({ status: 409, code: 'busy', detail: 'A rotation runs.', job_id: 'job_1' }, { status: 409 }),
    Response.json(
      { data: {}, message: 'Not valid', http_status: 422, code: 'validation_failed', detail: 'Enter a name.', errors: { name: ['Enter a name.'] } },
      { status: 422 },
    ),
    new Response('<html>', { status: 502 }),
    new Response('<html>', { status: 200 }),
    Response.json([1], { status: 500 }),
    new Response(null, { status: 204 }),
  ];
  vi.stubGlobal('fetch', async () => answers.shift());
  await expect(rotate()).rejects.toMatchObject({ status: 409, code: 'busy', message: 'A rotation runs.', jobId: 'job_1' });
  await expect(rotate()).rejects.toMatchObject({ status: 422, message: 'Enter a name.', errors: { name: ['Enter a name.'] } });
  for (const status of [502, 200, 500]) await expect(rotate()).rejects.toMatchObject({ status, code: 'unexpected_answer' });
  expect(await rotate()).toBeUndefined();
});
