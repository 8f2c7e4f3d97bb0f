// GitHub's repositories, Actions secrets and workflows, in memory, judged by GitHub's own API document.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sodium from 'libsodium-wrappers';
import { z } from 'zod';
import type { FoundPlace } from '#lib/integrations/integration.ts';
import { type Document, type Operations, openContract } from './contract.ts';
import { matchPath } from './match-path.ts';
import { type Asked, type Deployment, type ProviderFake, startFakeProvider, type Told } from './provider-server.ts';

const PATHS = [
  '/user/repos',
  '/repos/{owner}/{repo}',
  '/repos/{owner}/{repo}/actions/secrets',
  '/repos/{owner}/{repo}/actions/secrets/public-key',
  '/repos/{owner}/{repo}/actions/secrets/{secret_name}',
  '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
];
const KEY_ID = '3380204578043523366';
const TOKEN = 'ghp_fakeTokenThatMayDoEverything0000001';
const READ_ONLY_TOKEN = 'ghp_fakeTokenThatMayOnlyLook0000000002';

const refuse = (status: number, message: string): Told => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** As GitHub's newer documents have it; the one at hand, a fifth of their size, asks for less. */
const SECRET = z.strictObject({ encrypted_value: z.base64().min(1), key_id: z.string().min(1) });

export interface GithubFake extends ProviderFake {
  /** Makes an environment of a repository, which may hold secrets of its own. */
  addEnvironment(externalId: string, name: string): void;
  /** Has the organization share a secret with a repository, whose own win over it. */
  share(externalId: string, name: string): void;
}

type Secrets = Map<string, { value: string; at: string }>;

/** Starts GitHub on loopback. Its secrets can be opened, unlike the real one's. */
export async function startFakeGithub(port?: number): Promise<GithubFake> {
  await sodium.ready;
  const require = createRequire(import.meta.url);
  const document: Document = JSON.parse(readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'));
  const keys = sodium.crypto_box_keypair();
  const repositories = new Map<string, Secrets>();
  /** By repository and name. */
  const environments = new Map<string, Map<string, Secrets>>();
  /** By repository: what its organization shares with it. */
  const shared = new Map<string, Secrets>();
  const deployments: Deployment[] = [];
  const violations: string[] = [];
  const now = () => new Date().toISOString();

  /** A repository as the document's own example has it, which is long, under another name. */
  const describe = (externalId: string, example: string): object => {
    const [owner, name] = externalId.split('/');
    const { value } = (document.components as { examples: Record<string, { value: unknown }> }).examples[example] ?? {};
    const { source: _source, parent: _parent, ...shown } = (Array.isArray(value) ? value[0] : value) as Record<string, object>;
    return {
      ...shown,
      name,
      language: null,
      default_branch: 'main',
      full_name: externalId,
      owner: { ...shown.owner, login: owner },
      archived: false,
      permissions: { admin: true, push: true, pull: true },
    };
  };
  const addPlace = (name: string): FoundPlace => {
    const externalId = `acme/${name}`;
    repositories.set(externalId, new Map());
    return { externalId, accountId: null, name: externalId };
  };

  /** What is done for whoever may see the repository; a write needs more. */
  const within =
    (needs: 'read' | 'write', act: (secrets: Secrets, asked: Asked, params: Record<string, string>) => Told) =>
    (asked: Asked, params: Record<string, string>): Told => {
      const secrets = repositories.get(`${params.owner}/${params.repo}`);
      if (!secrets) return refuse(404, 'Not Found');
      if (needs === 'write' && asked.headers.authorization !== `Bearer ${TOKEN}`) return refuse(403, 'Resource not accessible by personal access token');
      return act(secrets, asked, params);
    };

  const listSecrets = (secrets: Secrets): Told => ({
    status: 200,
    body: { total_count: secrets.size, secrets: [...secrets].map(([name, { at }]) => ({ name, created_at: at, updated_at: at })) },
  });
  const showKey = (): Told => ({ status: 200, body: { key_id: KEY_ID, key: sodium.to_base64(keys.publicKey, sodium.base64_variants.ORIGINAL) } });
  const takeSecret = (secrets: Secrets, { body }: Asked, { secret_name: name = '' }: Record<string, string>): Told => {
    const parsed = SECRET.safeParse(body);
    if (!parsed.success) {
      violations.push(`a secret: ${z.prettifyError(parsed.error)}`);
      return refuse(422, 'Validation Failed');
    }
    const sent = parsed.data;
    if (sent.key_id !== KEY_ID || /^GITHUB_|^\d|[^A-Z0-9_]/i.test(name)) return refuse(422, 'Secret names must not start with GITHUB_');
    const sealed = sodium.from_base64(sent.encrypted_value, sodium.base64_variants.ORIGINAL);
    const value = sodium.to_string(sodium.crypto_box_seal_open(sealed, keys.publicKey, keys.privateKey));
    const isNew = !secrets.has(name.toUpperCase());
    secrets.set(name.toUpperCase(), { value, at: now() });
    return isNew ? { status: 201, body: {} } : { status: 204 };
  };

  /** The document at hand knows neither environments nor what an organization shares: what GitHub's newer ones allow is written down here, strictly. */
  const ofEnvironment =
    (needs: 'read' | 'write', act: (secrets: Secrets, asked: Asked, params: Record<string, string>) => Told) =>
    (asked: Asked, params: Record<string, string>): Told =>
      within(needs, () => {
        const secrets = environments.get(`${params.owner}/${params.repo}`)?.get(params.environment_name ?? '');
        return secrets ? act(secrets, asked, params) : refuse(404, 'Not Found');
      })(asked, params);
  const BASE = '/repos/{owner}/{repo}/environments';
  const newerRoutes: Record<string, (asked: Asked, params: Record<string, string>) => Told> = {
    // https://docs.github.com/rest/actions/secrets#list-repository-organization-secrets
    'GET /repos/{owner}/{repo}/actions/organization-secrets': within('read', (_secrets, asked, { owner, repo }) => {
      const all = shared.get(`${owner}/${repo}`) ?? new Map();
      const size = Number(asked.query.per_page ?? 30);
      const page = new Map([...all].slice((Number(asked.query.page ?? 1) - 1) * size).slice(0, size));
      return { status: 200, body: { ...(listSecrets(page).body as object), total_count: all.size } };
    }),
    [`GET ${BASE}`]: within('read', (_secrets, _asked, { owner, repo }) => {
      const names = [...(environments.get(`${owner}/${repo}`) ?? new Map()).keys()];
      return { status: 200, body: { total_count: names.length, environments: names.map((name, id) => ({ id, name })) } };
    }),
    [`GET ${BASE}/{environment_name}/secrets`]: ofEnvironment('read', listSecrets),
    [`GET ${BASE}/{environment_name}/secrets/public-key`]: ofEnvironment('write', showKey),
    [`PUT ${BASE}/{environment_name}/secrets/{secret_name}`]: ofEnvironment('write', takeSecret),
  };
  const askNewer = (asked: Asked): Told | null => {
    for (const [template, act] of Object.entries(newerRoutes)) {
      const params = matchPath(template, `${asked.method} ${asked.path}`);
      if (params) return act(asked, params);
    }
    return null;
  };

  const operations: Operations = {
    'repos/list-for-authenticated-user': ({ query }) => {
      const perPage = Number(query.per_page ?? 30);
      const from = (Number(query.page ?? 1) - 1) * perPage;
      return {
        status: 200,
        body: [...repositories.keys()].slice(from, from + perPage).map((externalId) => describe(externalId, 'repository-items-default-response')),
      };
    },
    'repos/get': within('read', (_secrets, _asked, { owner, repo }) => ({
      status: 200,
      body: describe(`${owner}/${repo}`, 'full-repository-default-response'),
    })),
    'actions/list-repo-secrets': within('read', listSecrets),
    'actions/get-repo-public-key': within('write', showKey),
    'actions/create-or-update-repo-secret': within('write', takeSecret),
    'actions/create-workflow-dispatch': within('write', (_secrets, { body }, { owner, repo, workflow_id: workflow }) => {
      if (workflow !== 'deploy.yml') return refuse(404, 'Not Found');
      const { ref } = body as { ref: string };
      if (ref !== 'main') return refuse(422, `No ref found for: ${ref}`);
      deployments.push({ id: String(deployments.length + 1), place: `${owner}/${repo}`, by: 'api', body });
      return { status: 204 };
    }),
  };

  const secretsOf = (externalId: string, target: string): Secrets | undefined =>
    target.startsWith('environment:') ? environments.get(externalId)?.get(target.slice('environment:'.length)) : repositories.get(externalId);

  const answer = await openContract(document, PATHS, operations, violations);
  const place = addPlace('shop');
  // Prism makes ready for the long answers when they are first given, which takes longer than a test may want to wait.
  for (const path of ['/user/repos', `/repos/${place.externalId}`]) await answer({ method: 'GET', path, query: {}, headers: {}, body: undefined });
  const server = await startFakeProvider((asked) => {
    const isKnown = [TOKEN, READ_ONLY_TOKEN].some((token) => asked.headers.authorization === `Bearer ${token}`);
    return isKnown ? (askNewer(asked) ?? answer(asked)) : refuse(401, 'Bad credentials');
  }, port);

  return {
    ...server,
    provider: 'github',
    token: TOKEN,
    readOnlyToken: READ_ONLY_TOKEN,
    place,
    addPlace,
    removePlace: (externalId) => void repositories.delete(externalId),
    addEnvironment: (externalId, name) => void environments.set(externalId, new Map([...(environments.get(externalId) ?? []), [name, new Map()]])),
    share: (externalId, name) => void shared.set(externalId, new Map([...(shared.get(externalId) ?? []), [name, { value: 'shared', at: now() }]])),
    held: (externalId, target) => Object.fromEntries([...(secretsOf(externalId, target) ?? [])].map(([name, { value }]) => [name, value])),
    hold: (externalId, targets, name, value) => {
      for (const target of targets.length > 0 ? targets : ['actions']) secretsOf(externalId, target)?.set(name, { value, at: now() });
    },
    deployments,
    violations,
  };
}
