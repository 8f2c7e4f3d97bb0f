// Vercel's projects, environment variables and deployments, in memory. Vercel's API document is in no package, so what
// it allows is written down here, strictly: what is not named is a violation.
import { z } from 'zod';
import type { FoundPlace } from '#lib/integrations/integration.ts';
import {
  editedVariableSchema,
  editVariable,
  type HeldVariable,
  holdVariable,
  listVariable,
  putVariable,
  readVariable,
  sentVariableSchema,
} from './fake-vercel-variables.ts';
import { matchPath } from './match-path.ts';
import { type Asked, type Deployment, type Fault, type ProviderFake, startFakeProvider, type Told } from './provider-server.ts';

const TEAM = 'team_1a2b3c4d5e6f7g8h9i0j1k2l';
const TOKEN = 'vcp_fakeTokenThatMayDoEverything0000001';
const READ_ONLY_TOKEN = 'vcp_fakeTokenThatMayOnlyLook0000000002';
const HOOK = 'QmFrZUhvb2tUb2tlbg';

const number = z.union([z.number(), z.string()]);
const sourceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(['github', 'github-limited']), ref: z.string(), repoId: number, sha: z.string().optional() }),
  z.strictObject({ type: z.literal('gitlab'), ref: z.string(), projectId: number, sha: z.string().optional() }),
  z.strictObject({ type: z.literal('bitbucket'), ref: z.string(), repoUuid: z.string(), workspaceUuid: z.string().optional(), sha: z.string().optional() }),
]);
const deploymentSchema = z.strictObject({
  name: z.string(),
  project: z.string().optional(),
  target: z.string().optional(),
  deploymentId: z.string().optional(),
  gitSource: sourceSchema.optional(),
});

interface Project {
  id: string;
  name: string;
  accountId: string;
  link?: Record<string, unknown>;
}
interface Route {
  /** The query's parameters beside `teamId`. */
  query?: z.ZodRawShape;
  body?: z.ZodType;
  /** Without a token: whoever knows the address may ask. */
  isOpen?: boolean;
  act: (asked: Asked, params: Record<string, string>, fault: Fault | undefined) => Told;
}

export interface VercelFake extends ProviderFake {
  /** `accountId` null: a person's own project, not the team's. */
  addPlace(name: string, accountId?: null): FoundPlace;
  /** Puts a variable that another integration of Vercel's looks after. */
  holdManaged(externalId: string, targets: string[], name: string, value: string): void;
  /** Puts a variable that somebody shares with custom environments too. */
  holdShared(externalId: string, targets: string[], customEnvironmentIds: string[], name: string, value: string): void;
  /** Puts a variable for one branch of preview. */
  holdForBranch(externalId: string, gitBranch: string, name: string, value: string): void;
  /** Sets the repository that a project is built from. */
  link(externalId: string, link: Record<string, unknown>): void;
  /** The deploy hook of a project, as Vercel's page shows it. */
  hookUrl(externalId: string): string;
}

/** Where a variable stands, as Rekey writes it. */
const placesOf = ({ target, gitBranch, customEnvironmentIds = [] }: HeldVariable): string[] => [
  ...(gitBranch ? [`branch:${gitBranch}`] : target),
  ...customEnvironmentIds.map((id) => `custom:${id}`),
];

const refuse = (status: number, code: string, message: string): Told => ({ status, body: { error: { code, message } } });
const NOT_FOUND = refuse(404, 'not_found', 'Could not find the RESOURCE: ID');

/** Starts Vercel on loopback. The first project belongs to a team. */
export async function startFakeVercel(port?: number): Promise<VercelFake> {
  const projects = new Map<string, Project>();
  const variables = new Map<string, HeldVariable[]>();
  const deployments: Deployment[] = [];
  const violations: string[] = [];

  const addPlace = (name: string, accountId: string | null = TEAM): FoundPlace => {
    const id = `prj_${name}${projects.size + 1}`;
    projects.set(id, { id, name, accountId: accountId ?? 'usr_1' });
    variables.set(id, []);
    return { externalId: id, accountId, name };
  };
  const ownerOf = ({ query }: Asked): string => query.teamId ?? 'usr_1';
  const within =
    (act: (held: HeldVariable[], project: Project, asked: Asked, params: Record<string, string>, fault: Fault | undefined) => Told): Route['act'] =>
    (asked, params, fault) => {
      const project = projects.get(params.id ?? '');
      return project?.accountId === ownerOf(asked) ? act(variables.get(project.id) ?? [], project, asked, params, fault) : NOT_FOUND;
    };

  const routes: Record<string, Route> = {
    'GET /v2/teams': {
      query: { limit: z.coerce.number().optional() },
      act: () => ({ status: 200, body: { teams: [{ id: TEAM, slug: 'acme', name: 'Acme' }], pagination: { count: 1, next: null, prev: null } } }),
    },
    'GET /v10/projects': {
      query: { limit: z.coerce.number().max(100).optional(), search: z.string().max(100).optional() },
      act: (asked) => {
        const { search = '', limit = '20' } = asked.query;
        const found = [...projects.values()].filter(({ accountId, name }) => accountId === ownerOf(asked) && name.includes(search)).slice(0, Number(limit));
        return { status: 200, body: { projects: found, pagination: { count: found.length, next: null, prev: null } } };
      },
    },
    'GET /v9/projects/{id}': { act: within((_held, project) => ({ status: 200, body: project })) },
    'GET /v10/projects/{id}/env': { act: within((held) => ({ status: 200, body: { envs: held.map(listVariable) } })) },
    'GET /v1/projects/{id}/env/{variable}': {
      act: within((held, _project, _asked, { variable }) => {
        const found = held.find(({ id }) => id === variable);
        return found ? { status: 200, body: readVariable(found) } : NOT_FOUND;
      }),
    },
    'PATCH /v9/projects/{id}/env/{variable}': {
      body: editedVariableSchema,
      act: within((held, _project, { body }, { variable }) => {
        const found = held.find(({ id }) => id === variable);
        if (!found) return NOT_FOUND;
        const error = editVariable(found, editedVariableSchema.parse(body), (what) => violations.push(what));
        return error ? { status: 400, body: { error } } : { status: 200, body: readVariable(found) };
      }),
    },
    'POST /v10/projects/{id}/env': {
      query: { upsert: z.literal('true').optional() },
      body: z.union([sentVariableSchema, z.array(sentVariableSchema).min(1)]),
      act: within((held, _project, { query, body }, _params, fault) => {
        const sent = z.array(sentVariableSchema).parse(Array.isArray(body) ? body : [body]);
        if (sent.some(({ type, target }) => type === 'sensitive' && target?.includes('development')))
          return violate('sensitive is not allowed with the target development');
        const failed = sent.flatMap((one) => {
          if (fault?.kind === 'partial' && fault.names.includes(one.key)) return [{ code: fault.code, message: `${one.key}=${one.value}`, key: one.key }];
          return putVariable(held, one, query.upsert === 'true', (what) => violations.push(what)) ?? [];
        });
        const [first] = failed;
        if (first && failed.length === sent.length && fault?.kind !== 'partial')
          return { status: first.code === 'ENV_ALREADY_EXISTS' ? 403 : 400, body: { error: first } };
        const created = held.filter(({ key, target }) => sent.some((one) => one.key === key && (one.target ?? []).join() === target.join()));
        return { status: 201, body: { created: created.map(listVariable), failed: failed.map((error) => ({ error })) } };
      }),
    },
    'GET /v6/deployments': {
      query: { projectId: z.string(), target: z.string().optional(), state: z.string().optional(), limit: z.coerce.number().optional() },
      act: (asked) =>
        within((_held, { id, name }) => ({
          status: 200,
          body: {
            deployments: deployments.filter(({ place }) => place === id).map((one) => ({ uid: one.id, name, target: 'production', state: 'READY' })),
            pagination: { count: 1, next: null, prev: null },
          },
        }))(asked, { id: asked.query.projectId ?? '' }, undefined),
    },
    'POST /v13/deployments': {
      query: { forceNew: z.enum(['0', '1']).optional() },
      body: deploymentSchema,
      act: (asked) => {
        const { name, project = name, deploymentId, gitSource } = deploymentSchema.parse(asked.body);
        const found = [...projects.values()].find((one) => [one.id, one.name].includes(project) && one.accountId === ownerOf(asked));
        if (!found || (deploymentId && !deployments.some(({ id }) => id === deploymentId))) return NOT_FOUND;
        if (!deploymentId && !gitSource) return violate('a deployment of nothing');
        deployments.push({ id: `dpl_${deployments.length + 1}`, place: found.id, by: 'api', body: asked.body });
        return { status: 200, body: { id: `dpl_${deployments.length}`, name, readyState: 'QUEUED' } };
      },
    },
    'POST /v1/integrations/deploy/{id}/{hook}': {
      isOpen: true,
      act: (_asked, { id = '', hook }) => {
        if (!projects.has(id) || hook !== HOOK) return NOT_FOUND;
        deployments.push({ id: `dpl_${deployments.length + 1}`, place: id, by: 'hook', body: undefined });
        return { status: 201, body: { job: { id: `job_${deployments.length}`, state: 'PENDING', createdAt: Date.now() } } };
      },
    },
  };

  const violate = (what: string): Told => {
    violations.push(what);
    return refuse(400, 'bad_request', `Invalid request: ${what}`);
  };
  const handle = (asked: Asked, fault: Fault | undefined): Told => {
    const where = `${asked.method} ${asked.path}`;
    for (const [template, { query = {}, body, isOpen, act }] of Object.entries(routes)) {
      const params = matchPath(template, where);
      if (!params) continue;
      const { authorization } = asked.headers;
      if (!isOpen && authorization !== `Bearer ${TOKEN}` && authorization !== `Bearer ${READ_ONLY_TOKEN}`) return refuse(401, 'forbidden', 'Not authorized');
      if (authorization === `Bearer ${READ_ONLY_TOKEN}` && asked.method !== 'GET')
        return refuse(403, 'forbidden', 'You do not have permission to access this resource.');
      const judged = z.object({ query: z.strictObject({ teamId: z.string().optional(), ...query }), body: body ?? z.undefined() }).safeParse(asked);
      return judged.success ? act(asked, params, fault) : violate(`${where}: ${z.prettifyError(judged.error)}`);
    }
    return violate(`${where} is not in the document`);
  };

  const server = await startFakeProvider(handle, port);
  const hold = (externalId: string, targets: string[], name: string, value: string, rest?: Partial<HeldVariable>) =>
    holdVariable(variables.get(externalId) ?? [], targets, name, value, rest);
  return {
    ...server,
    provider: 'vercel',
    token: TOKEN,
    readOnlyToken: READ_ONLY_TOKEN,
    place: addPlace('shop'),
    addPlace,
    removePlace: (externalId) => void projects.delete(externalId),
    held: (externalId, target) =>
      Object.fromEntries((variables.get(externalId) ?? []).filter((one) => placesOf(one).includes(target)).map(({ key, value }) => [key, value])),
    hold: (externalId, targets, name, value) => hold(externalId, targets, name, value),
    holdManaged: (externalId, targets, name, value) => hold(externalId, targets, name, value, { configurationId: 'icfg_1' }),
    holdShared: (externalId, targets, customEnvironmentIds, name, value) => hold(externalId, targets, name, value, { customEnvironmentIds }),
    holdForBranch: (externalId, gitBranch, name, value) => hold(externalId, ['preview'], name, value, { gitBranch }),
    link: (externalId, link) => void Object.assign(projects.get(externalId) ?? {}, { link }),
    hookUrl: (externalId) => `${server.url}/v1/integrations/deploy/${externalId}/${HOOK}`,
    deployments,
    violations,
  };
}
