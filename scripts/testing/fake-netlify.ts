// Netlify's sites, environment variables and builds, in memory, judged by Netlify's own API document.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FoundPlace } from '#lib/integrations/integration.ts';
import { type Document, type Operations, openContract } from './contract.ts';
import { type Deployment, type ProviderFake, startFakeProvider, type Told } from './provider-server.ts';

/**
 * What an account may do with scopes: `pro` chooses them; `free` may only give a secret those that a secret must have
 * (https://github.com/netlify/terraform-provider-netlify/pull/131); `unscoped` may name none at all.
 */
type Plan = 'free' | 'pro' | 'unscoped';

export interface NetlifyFake extends ProviderFake {
  setPlan(plan: Plan): void;
  /** Whether nobody can read the values of a variable, and where they are used. */
  describe(externalId: string, name: string): { isSecret: boolean; scopes: string[] } | undefined;
  /** Puts a variable of the whole team, which every site reads that has none of its own. */
  holdShared(name: string, value: string): void;
}

const PATHS = ['/sites', '/sites/{site_id}', '/sites/{site_id}/builds', '/accounts/{account_id}/env', '/accounts/{account_id}/env/{key}'];
const ACCOUNT = '5f2c1d9ab7e04d0012c3a4b5';
const TOKEN = 'nfp_fakeTokenThatMayDoEverything0000001';
const READ_ONLY_TOKEN = 'nfp_fakeTokenThatMayOnlyLook0000000002';
const MASK = '****************';

interface Value {
  context: string;
  value: string;
  context_parameter?: string;
}
interface Held {
  values: Value[];
  isSecret: boolean;
  scopes: string[];
}

const SCOPES = ['builds', 'functions', 'runtime', 'post-processing'];
const SECRET_SCOPES = SCOPES.slice(0, 3);
const isSameSet = (a: string[], b: string[]) => a.length === b.length && a.every((one) => b.includes(one));
const isSameContext = (a: Value, b: Value) => a.context === b.context && a.context_parameter === b.context_parameter;
/** A target as Rekey writes it. */
const contextOf = (target: string): Omit<Value, 'value'> =>
  target.startsWith('branch:') ? { context: 'branch', context_parameter: target.slice('branch:'.length) } : { context: target };

const refuse = (code: number, message: string): Told => ({ status: code, body: { code, message } });

/** Starts Netlify on loopback, on a free plan. */
export async function startFakeNetlify(port?: number): Promise<NetlifyFake> {
  const sites = new Map<string, { name: string; variables: Map<string, Held> }>();
  const shared = new Map<string, Held>();
  let plan: Plan = 'free';
  const deployments: Deployment[] = [];
  const violations: string[] = [];

  const addPlace = (name: string): FoundPlace => {
    const externalId = `site-${sites.size + 1}-${name}`;
    sites.set(externalId, { name, variables: new Map() });
    return { externalId, accountId: ACCOUNT, name };
  };
  const show = (key: string, { values, isSecret, scopes }: Held) => ({
    key,
    scopes,
    values: values.map((one) => ({ ...one, value: isSecret && one.context !== 'dev' ? MASK : one.value })),
    is_secret: isSecret,
  });
  /** What Netlify's document and its secrets policy (https://docs.netlify.com/build/environment-variables/secrets-controller) refuse. */
  const refuseVariable = ({ values, isSecret, scopes }: Pick<Held, 'values' | 'isSecret'> & { scopes: string[] | undefined }): Told | null => {
    if (values.some(({ context, context_parameter: branch }) => (context === 'branch') !== (branch !== undefined)))
      return refuse(422, 'A branch is named by context_parameter');
    if (scopes && (plan === 'unscoped' || (plan === 'free' && !(isSecret && isSameSet(scopes, SECRET_SCOPES)))))
      return refuse(403, 'Granular scopes are not in this plan');
    if (!isSecret) return null;
    // A secret may have a value for development, which stays readable, but none alone.
    if (values.some(({ context }) => context === 'all') || values.every(({ context }) => context === 'dev')) {
      violations.push('a secret for all contexts, or for development alone');
      return refuse(422, 'A secret names its deploy contexts, and not development alone');
    }
    return plan !== 'unscoped' && (scopes ?? SCOPES).includes('post-processing') ? refuse(422, 'A secret cannot have the post-processing scope') : null;
  };
  const describe = ([id, { name }]: [string, { name: string }]) => ({ id, name, account_id: ACCOUNT, account_slug: 'acme' });
  const variablesOf = (account: string | undefined, query: Record<string, string>) =>
    account === ACCOUNT ? (query.site_id === undefined ? shared : sites.get(query.site_id)?.variables) : undefined;

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
      if (sent.some(({ key }) => variables.has(key))) return refuse(409, 'An environment variable with this key exists already');
      if (sent.some(({ key }) => !/^[A-Za-z]\w*$/.test(key))) return refuse(422, 'Key is invalid');
      for (const { values, is_secret: isSecret = false, scopes } of sent) {
        const refused = refuseVariable({ values, isSecret, scopes });
        if (refused) return refused;
      }
      const made = sent.map(({ key, values, is_secret: isSecret = false, scopes = SCOPES }) => ({ key, held: { values, isSecret, scopes } }));
      for (const { key, held } of made) variables.set(key, held);
      return { status: 201, body: made.map(({ key, held }) => show(key, held)) };
    },
    updateEnvVar: ({ query, body }, { account_id: account, key = '' }) => {
      const variables = variablesOf(account, query);
      const held = variables?.get(key);
      if (!variables || !held) return refuse(404, 'Not Found');
      const { values, is_secret: isSecret = false, scopes } = body as { values: Value[]; is_secret?: boolean; scopes?: string[] };
      if (held.isSecret && !isSecret) return refuse(422, 'A secret stays one');
      const refused = refuseVariable({ values, isSecret, scopes });
      if (refused) return refused;
      variables.set(key, { values, isSecret, scopes: scopes ?? SCOPES });
      return { status: 200, body: show(key, { values, isSecret, scopes: scopes ?? SCOPES }) };
    },
    setEnvVarValue: ({ query, body }, { account_id: account, key = '' }) => {
      const held = variablesOf(account, query)?.get(key);
      if (!held) return refuse(404, 'Not Found');
      const value = body as Value;
      if ((value.context === 'branch') !== (value.context_parameter !== undefined)) return refuse(422, 'A branch is named by context_parameter');
      // A secret that stands may get a value for development, which stays readable.
      if (held.isSecret && value.context === 'all') return refuse(422, 'A secret names its deploy contexts');
      held.values = [...held.values.filter((other) => !isSameContext(other, value)), value];
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
          const wanted = { ...contextOf(target), value: '' };
          const [first] = values;
          const isOne = target === 'all' && values.every(({ value }) => value === first?.value);
          const found = values.find((one) => isSameContext(one, wanted)) ?? values.find(({ context }) => context === 'all') ?? (isOne ? first : undefined);
          return found ? [[key, found.value]] : [];
        }),
      ),
    hold: (externalId, targets, name, value) =>
      void sites.get(externalId)?.variables.set(name, { values: targets.map((target) => ({ ...contextOf(target), value })), isSecret: false, scopes: SCOPES }),
    setPlan: (next) => {
      plan = next;
    },
    describe: (externalId, name) => {
      const held = sites.get(externalId)?.variables.get(name);
      return held && { isSecret: held.isSecret, scopes: held.scopes };
    },
    holdShared: (name, value) => void shared.set(name, { values: [{ context: 'all', value }], isSecret: false, scopes: SCOPES }),
    deployments,
    violations,
  };
}
