// One of each thing that Rekey does with a secret, by its API, and every secret that was in it: for the canary scan.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { signIn } from '#lib/auth/sign-in.ts';
import { PROVIDER_NAMES } from '#lib/contract/providers/providers.ts';
import { withPassword } from '#lib/wp-config/find-password.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { until } from '#scripts/torture/until.ts';
import { cookieHeaders } from './call-api.ts';
import type { Place } from './canary.ts';
import type { ProviderFakes } from './provider-fakes.ts';
import { startReceiver } from './receiver.ts';
import { WP_CONFIGS } from './wp-configs.ts';

/** Asks the API; `path` without its base. Throws where it refuses. Answers the text. */
export type Send = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<string>;

export interface Exercised {
  /** By what they are. */
  secrets: Record<string, string>;
  /** What was answered where no secret belongs, and what receivers were told. */
  places: Place[];
}

const secretOf = (name: string): string => `canary of ${name} p%40ss w:/?#[]@"\\wörd`;

/**
 * Projects, sites, resets, wp-config.php, environments, secrets, deployments, providers, webhooks, API keys, invitations,
 * members with a second factor, the audit log and the encryption key: each is made, used and looked at. `organizationId` is the one of who asks.
 */
export async function exerciseEverything(send: Send, organizationId: string, fakes: ProviderFakes): Promise<Exercised> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-canary-'));
  const [server, hook, receiver] = await Promise.all([startMariadbTarget(), startReceiver(), startReceiver()]);
  try {
    return await exercise(send, organizationId, { server, fakes, hook, receiver, config: join(folder, 'wp-config.php') });
  } finally {
    await Promise.all([server.stop(), hook.stop(), receiver.stop()]);
    rmSync(folder, { recursive: true });
  }
}

interface Outside {
  server: Awaited<ReturnType<typeof startMariadbTarget>>;
  fakes: ProviderFakes;
  hook: Awaited<ReturnType<typeof startReceiver>>;
  receiver: Awaited<ReturnType<typeof startReceiver>>;
  config: string;
}

async function exercise(send: Send, organizationId: string, { server, fakes, hook, receiver, config }: Outside): Promise<Exercised> {
  const secrets: Record<string, string> = {};
  const places: Place[] = [];
  const keep = (name: string, value: string): string => {
    secrets[name] = value;
    return value;
  };
  // biome-ignore lint/suspicious/noExplicitAny: looks into any answer
  const ask = async (method: string, path: string, body?: object): Promise<any> => JSON.parse((await send(method, path, body)) || '{}');
  const look = async (path: string): Promise<void> => void places.push({ name: `GET ${path}`, text: await send('GET', path) });
  const becomes = (path: string, status: string) => until(`${path} to be ${status}`, async () => (await ask('GET', path)).data.status === status);
  const inOrganization = (path: string) => `/organizations/${organizationId}${path}`;

  const [app, dev, prod] = await Promise.all(
    ['canary_app', 'canary_dev', 'canary_prod'].map((name) => server.createLogin(name, { password: keep(`the first password of ${name}`, secretOf(name)) })),
  );
  const rotator = await server.createRotator('canary_rotator');
  keep('the password of the rotator', rotator.password.reveal());
  const database = (login = app) => ({ connection_url: login ? server.urlOf(login) : '', rotator_url: server.urlOf(rotator) });

  // Whoever is told.
  const { plaintext_secret: signing, webhook_endpoint: endpoint } = await ask('POST', inOrganization('/webhook-endpoints'), {
    url: receiver.url,
    dialect: 'vector',
    event_types: ['*', 'vector.*'],
  });
  keep('a signing secret', signing);
  keep('a renewed signing secret', (await ask('POST', inOrganization(`/webhook-endpoints/${endpoint.id}/rotate-secret`))).plaintext_secret);

  // A project, its providers and a rotation.
  const { project } = await ask('POST', '/projects', { name: 'Canary', ...database() });
  const at = `/projects/${project.id}`;
  await until('the login to be proven', async () => (await ask('GET', at)).project.state === 'ready');
  for (const provider of PROVIDER_NAMES) {
    const { token, addPlace } = fakes[provider];
    const { externalId, accountId } = addPlace('canary');
    await ask('POST', `${at}/integrations`, { provider, token: keep(`the token for ${provider}`, token), external_id: externalId, account_id: accountId });
  }
  const { job } = await ask('POST', `${at}/credentials/rotate`, { reason: 'compromise' });
  await until('the rotation to complete', async () => (await ask('GET', `/jobs/${job.id}`)).job.state === 'completed');
  const passwordNow = async () => decodeURIComponent(new URL((await ask('GET', `${at}/connections`)).connections.direct_url).password);
  keep('the rotated password', await passwordNow());

  // A file of connection URLs: a row that lands, one whose login is rejected, and one that cannot be read.
  const imported = await server.createLogin('canary_import', { password: keep('a password that was imported', secretOf('an import')) });
  const [refused, unreadable] = [secretOf('a rejected row'), secretOf('an unreadable row')].map((value) => keep(`a password of ${value}`, value));
  const rows = [
    { name: 'Imported', url: server.urlOf(imported) },
    {
      name: 'Rejected',
      url: server
        .urlOf(imported)
        .replace('canary_import:', 'canary_nobody:')
        .replace(/:[^:@]*@/, `:${encodeURIComponent(refused ?? '')}@`),
    },
    { name: 'Unreadable', url: `mysql://canary:${unreadable}@` },
  ];
  const file = { format: 'jsonl', content: rows.map((row) => JSON.stringify(row)).join('\n') };
  places.push({ name: 'POST /imports/dry-run', text: await send('POST', '/imports/dry-run', { ...file, check_logins: true }) });
  const { import: started } = await ask('POST', '/imports', { ...file, name: 'canary.jsonl' });
  await until('the import to end', async () => (await ask('GET', `/imports/${started.id}`)).import.state === 'completed');
  await look(`/imports/${started.id}/rows`);

  // A site, its files and its deployments.
  writeFileSync(config, withPassword(config, Buffer.from(WP_CONFIGS['of the sample'] ?? ''), dev?.password.reveal() ?? ''));
  const { data: site } = await ask('POST', '/vector/sites', { partner_customer_id: 'canary', database: database(dev), wp_config_path: config });
  const { data: environment } = await ask('POST', `/vector/sites/${site.id}/environments`, {
    name: 'production',
    database: database(prod),
    deploy_hook_url: hook.url,
  });
  keep("the secret of an environment's hook", environment.deploy_hook_secret);
  const environmentAt = `/vector/environments/${environment.id}`;
  await ask('POST', `${environmentAt}/secrets`, { key: 'CANARY', value: keep('the value of a secret', secretOf('a secret')) });
  await ask('POST', '/vector/global-secrets', { key: 'CANARY_ALL', value: keep('the value of a global secret', secretOf('a global secret')) });
  await becomes(`/vector/sites/${site.id}`, 'active');
  await becomes(environmentAt, 'active');
  keep('the reset password of the site', (await ask('POST', `/vector/sites/${site.id}/database/reset-password`)).data.db_password);
  keep('the reset password of the environment', (await ask('POST', `${environmentAt}/database/reset-password`)).data.db_password);
  await ask('POST', `/vector/sites/${site.id}/wp/reconfig`);
  hook.answer(async (response) => {
    const { variables_url: url, fetch_token, report_token } = JSON.parse(hook.received.at(-1)?.body ?? '{}');
    keep('the token that fetches variables', fetch_token);
    keep('the token that reports', report_token);
    await send('GET', new URL(url).pathname.replace('/api/v1', ''), undefined, { authorization: `Bearer ${fetch_token}` });
    response.writeHead(200).end();
  });
  const { data: deployment } = await ask('POST', `${environmentAt}/deployments`);
  await becomes(`/vector/deployments/${deployment.id}`, 'deployed');

  // Keys, people, the log and the encryption key.
  const made = await ask('POST', inOrganization('/api-keys'), { name: 'canary', scopes: ['projects:read'] });
  keep('an API key', made.plaintext_api_key);
  await send('GET', '/me', undefined, { authorization: `Bearer ${made.plaintext_api_key}` });
  keep('a renewed API key', (await ask('POST', inOrganization(`/api-keys/${made.api_key.id}/rotate`), {})).plaintext_api_key);
  const { url } = await ask('POST', inOrganization('/invitations'), { email: 'canary@example.com', role: 'viewer' });
  const token = keep('the token of an invitation', new URL(url).searchParams.get('token') ?? '');
  const password = keep('the password of a member', secretOf('a member'));
  await ask('POST', '/join', { token, name: 'Canary', password });
  const person = await cookieHeaders((await signIn({ email: 'canary@example.com', password }, {})) ?? '');
  const askAs = async (path: string, body: object) => JSON.parse((await send('POST', `/me/${path}`, body, person)) || '{}');
  const { secret } = await askAs('second-factor', {});
  const totp = new TOTP({ secret: keep('the secret of a second factor', secret) });
  const codes: string[] = (await askAs('second-factor/confirm', { code: totp.generate() })).recovery_codes;
  for (const [index, code] of codes.entries()) keep(`recovery code ${index}`, code);
  await askAs('confirm', { password, code: codes[0] });
  await askAs('password', { password, code: codes[1], new_password: keep('the next password of a member', secretOf('a member, changed')) });
  await ask('POST', inOrganization('/audit-events/verification'), {});
  const { rotation } = await ask('POST', inOrganization('/encryption-keys/rotate'), {});
  await until('everything to be wrapped anew', async () => (await ask('GET', inOrganization('/encryption-keys'))).rotation.finished_at !== null);
  places.push({ name: 'the re-wrapping', text: JSON.stringify(rotation) });

  for (const path of [`${at}/integrations`, at, `${at}/jobs`, `/jobs/${job.id}`, `${at}/audit-events`]) await look(path);
  for (const path of [environmentAt, `${environmentAt}/secrets`, `${environmentAt}/deployments`, `/vector/deployments/${deployment.id}`]) await look(path);
  for (const path of ['/vector/global-secrets', '/vector/events?per_page=100', '/vector/webhooks', '/vector/api-keys']) await look(path);
  for (const path of [
    '/api-keys',
    '/webhook-endpoints',
    `/webhook-endpoints/${endpoint.id}/deliveries`,
    '/invitations',
    '/audit-events?limit=100',
    '/audit-events/export?format=csv',
    '/audit-events/checkpoints',
    '/members',
    '/encryption-keys',
  ])
    await look(inOrganization(path));
  await until('the receiver to be told', () => receiver.received.some(({ body }) => body.includes('vector.deployment.completed')));
  places.push({ name: 'what receivers were told', text: JSON.stringify(receiver.received) });
  places.push({ name: 'the log of the database server', text: server.log() });
  return { secrets, places };
}
