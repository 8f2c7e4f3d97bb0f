// Netlify's sites, environment variables and builds, in memory, judged by Netlify's own API document.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FoundPlace } from '#lib/integrations/integration.ts';
import { type Document, type Operations, openContract } from './contract.ts';
import { type Deployment, type ProviderFake, startFakeProvider, type Told } from './provider-server.ts';

const PATHS = ['/sites', '/sites/{site_id}', '/sites/{site_id}/builds', '/accounts/{account_id}/env', '/accounts/{account_id}/env/{key}'];
const ACCOUNT = '5f2c1d9ab7e04d0012c3a4b5';
const TOKEN = 'nfp_fakeTokenThatMayDoEverything0000001';
const READ_ONLY_TOKEN = 'nfp_fakeTokenThatMayOnlyLook0000000002';
const MASK = '****************';

interface Value {
  context: string;
  value: string;
}
interface Held {
  values: Value[];
  isSecret: boolean;
}

const refuse = (code: number, message: string): Told => ({ status: code, body: { code, message } });

/** Starts Netlify on loopback: a free plan, so granular scopes are refused. */
export async function startFakeNetlify(port?: number): Promise<ProviderFake> {
  const sites = new Map<string, { name: string; variables: Map<string, Held> }>();
  const deployments: Deployment[] = [];
  const violations: string[] = [];

  const addPlace = (name: string): FoundPlace => {
    const externalId = `site-${sites.size + 1}-${name}`;
    sites.set(externalId, { name, variables: new Map() });
    return { externalId, accountId: ACCOUNT, name };
  };
  const show = (key: string, { values, isSecret }: Held) => ({
    key,
    scopes: ['builds', 'functions', 'runtime', 'post-processing'],
    values: values.map(({ context, value }) => ({ context, value: isSecret && context !== 'dev' ? MASK : value })),
    is_secret: isSecret,
  });
  const describe = ([id, { name }]: [string, { name: string }]) => ({ id, name, account_id: ACCOUNT, account_slug: 'acme' });
  const variablesOf = (account: string | undefined, query: Record<string, string>) =>
    account === ACCOUNT ? sites.get(query.site_id ?? '')?.variables : undefined;

  const operations: Operations = {
    listSites: ({ query }) => {
      const perPage = Number(query.per_page ?? 100);
      const from = (Number(query.page ?? 1) - 1) * perPage;
      return { status: 200, body: [...sites].slice(from, from + perPage).map(describe) };
    },
    getSite: (_asked, { site_id: id = '' }) => {
      const site = sites.get(id);
      return site ? { status: 200, body: describe([id, site]) } : refuse(404, 'Not Found');
    },
    getEnvVars: ({ query }, { account_id: account }) => {
      const variables = variablesOf(account, query);
      return variables ? { status: 200, body: [...variables].map(([key, held]) => show(key, held)) } : refuse(404, 'Not Found');
    },
    createEnvVars: ({ query, body }, { account_id: account }) => {
      const variables = variablesOf(account, query);
      if (!variables) return refuse(404, 'Not Found');
      const sent = body as { key: string; values: Value[]; is_secret?: boolean; scopes?: string[] }[];
      if (sent.some(({ scopes }) => scopes)) return refuse(403, 'Granular scopes are not in this plan');
      if (sent.some(({ key }) => variables.has(key))) return refuse(409, 'An environment variable with this key exists already');
      if (sent.some(({ key }) => !/^[A-Za-z]\w*$/.test(key))) return refuse(422, 'Key is invalid');
      for (const { key, values, is_secret: isSecret = false } of sent) variables.set(key, { values, isSecret });
      return { status: 201, body: sent.map(({ key }) => show(key, variables.get(key) ?? { values: [], isSecret: false })) };
    },
    setEnvVarValue: ({ query, body }, { account_id: account, key = '' }) => {
      const held = variablesOf(account, query)?.get(key);
      if (!held) return refuse(404, 'Not Found');
      const { context, value } = body as Value;
      held.values = [...held.values.filter((other) => other.context !== context), { context, value }];
      return { status: 201, body: show(key, held) };
    },
    createSiteBuild: ({ query }, { site_id: id = '' }) => {
      if (!sites.has(id)) return refuse(404, 'Not Found');
      deployments.push({ id: `build-${deployments.length + 1}`, place: id, by: 'api', body: query });
      return { status: 200, body: { id: `build-${deployments.length}`, deploy_id: `deploy-${deployments.length}`, done: false } };
    },
  };

  const require = createRequire(import.meta.url);
  const document: Document = JSON.parse(readFileSync(require.resolve('@netlify/open-api'), 'utf8'));
  const answer = await openContract(document, PATHS, operations, violations);
  const server = await startFakeProvider((asked) => {
    const { authorization } = asked.headers;
    if (authorization === `Bearer ${READ_ONLY_TOKEN}` && asked.method !== 'GET') return refuse(403, 'Forbidden');
    if (authorization !== `Bearer ${TOKEN}` && authorization !== `Bearer ${READ_ONLY_TOKEN}`) return refuse(401, 'Access Denied');
    // The document's paths are those below its basePath.
    return answer({ ...asked, path: asked.path.replace(/^\/api\/v1/, '') });
  }, port);

  return {
    ...server,
    provider: 'netlify',
    token: TOKEN,
    readOnlyToken: READ_ONLY_TOKEN,
    place: addPlace('shop'),
    addPlace,
    removePlace: (externalId) => void sites.delete(externalId),
    held: (externalId, target) =>
      Object.fromEntries(
        [...(sites.get(externalId)?.variables ?? [])].flatMap(([key, { values }]) => {
          const found = values.find(({ context }) => context === target) ?? values.find(({ context }) => context === 'all');
          return found ? [[key, found.value]] : [];
        }),
      ),
    hold: (externalId, targets, name, value) =>
      void sites.get(externalId)?.variables.set(name, { values: targets.map((context) => ({ context, value })), isSecret: false }),
    deployments,
    violations,
  };
}
