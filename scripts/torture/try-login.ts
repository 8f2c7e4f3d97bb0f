import pg from 'pg';
import type { Login } from '#lib/engines/engine.ts';
import type { TestTarget } from '#scripts/servers/test-target.ts';
import { until } from './until.ts';

export type Endpoint = 'direct' | 'pooled';

/** Logs in with the driver alone and asks who it is. Only the server's definite word counts as refused. */
async function tryOnce(target: TestTarget, login: Login, endpoint: Endpoint): Promise<'accepted' | 'refused' | 'unknown'> {
  const client = new pg.Client({ connectionString: target.urlOf(login, endpoint), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query('SELECT session_user AS name');
    return rows[0].name === login.user ? 'accepted' : 'unknown';
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const isRefused = code === '28P01' || (code === '08P01' && message === 'SASL authentication failed');
    return isRefused ? 'refused' : 'unknown';
  } finally {
    void client.end().catch(() => {});
  }
}

/** What the server says of a login; asked again while it does not answer. Throws TimeoutError where it goes on so. */
export async function tryLogin(target: TestTarget, login: Login, endpoint: Endpoint): Promise<'accepted' | 'refused'> {
  let answer: 'accepted' | 'refused' | 'unknown' = 'unknown';
  await until(`an answer to a ${endpoint} login`, async () => {
    answer = await tryOnce(target, login, endpoint);
    return answer !== 'unknown';
  });
  return answer as unknown as 'accepted' | 'refused';
}
