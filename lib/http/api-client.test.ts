import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DomainError } from '#lib/errors.ts';
import { apiSend, setAskPerson } from './api-client.ts';
import { problemResponse } from './problem.ts';

/** Answers `stale` until the person has confirmed. */
function server() {
  const state = { isFresh: false, requests: [] as string[] };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    state.requests.push(`${init.method} ${url} ${init.body}`);
    return state.isFresh ? Response.json({ ok: true }) : problemResponse(new DomainError('reauthentication_required', 'Confirm that it is you.'), 'req_1');
  });
  return state;
}
const rotate = () => apiSend('POST', '/rotate', { reason: 'routine' }, z.object({ ok: z.boolean() }));

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
