'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { useMe } from '#components/session/me.tsx';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { CreateDeploymentBody, DeploymentWire, deployment } from '#lib/contract/vector/deployment.ts';
import type { envelopeOf, listEnvelopeOf, nothing } from '#lib/contract/vector/envelope.ts';
import type { devReset, EnvironmentResetBody, environmentReset } from '#lib/contract/vector/reset.ts';
import type { CreateSecretBody, secret } from '#lib/contract/vector/secret.ts';
import type {
  CreateEnvironmentBody,
  CreateSiteBody,
  EnvironmentWire,
  environmentWithSecret,
  SiteStatusWire,
  SiteWire,
  site,
  UpdateEnvironmentBody,
  UpdateSiteBody,
} from '#lib/contract/vector/site.ts';
import type { verification } from '#lib/contract/vector/verify.ts';
import type { ResetTarget } from './reset-target.ts';

const SITES = ['site'] as const;
const BASE = '/vector';
/** The most that a page may hold. */
const PAGE = 100;
/** As many as the palette shows. */
const FOUND = 8;
/** While something runs, so that the page is right without the live stream too. */
const RUNNING_MS = 2000;

type Envelope<D extends z.ZodType> = ReturnType<typeof envelopeOf<D>>;
type List<I extends z.ZodType> = ReturnType<typeof listEnvelopeOf<I>>;
const at = (siteId: string) => `${BASE}/sites/${encodeURIComponent(siteId)}`;
const atEnvironment = (environmentId: string) => `${BASE}/environments/${encodeURIComponent(environmentId)}`;
/** The secrets of an environment; null: those of all. */
const secretsAt = (environmentId: string | null) => (environmentId === null ? `${BASE}/global-secrets` : `${atEnvironment(environmentId)}/secrets`);

const isRunning = (status: SiteStatusWire): boolean => status === 'resetting' || status === 'verifying';
const isBusy = ({ status, environments }: SiteWire): boolean => [status, ...environments.map((one) => one.status)].some(isRunning);

/** The organization's sites, page by page. */
export const useSites = () =>
  useInfiniteQuery({
    queryKey: [...SITES, 'list'],
    // Sites are not of one project: a restricted member has none.
    enabled: useMe().principal.project_ids === undefined,
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => apiGet<List<typeof site>>(`${BASE}/sites?per_page=${PAGE}&page=${pageParam}`, signal),
    getNextPageParam: ({ meta }) => (meta.current_page < meta.last_page ? meta.current_page + 1 : null),
    select: ({ pages }) => ({ sites: pages.flatMap(({ data }) => data), total: pages.at(-1)?.meta.total ?? 0 }),
  });

/** The first sites that a search finds, and how many it finds in all. */
export const useFoundSites = (search: string) => {
  const mayList = useMe().principal.project_ids === undefined;
  return useQuery({
    queryKey: [...SITES, 'found', search],
    enabled: mayList && search !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => apiGet<List<typeof site>>(`${BASE}/sites?per_page=${FOUND}&search=${encodeURIComponent(search)}`, signal),
    select: ({ data, meta }) => ({ sites: data, total: meta.total }),
  });
};

export const useSite = (siteId: string, enabled = true) =>
  useQuery({
    queryKey: [...SITES, siteId],
    enabled,
    queryFn: async ({ signal }) => (await apiGet<Envelope<typeof site>>(at(siteId), signal)).data,
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? RUNNING_MS : false),
  });

const isOpenDeployment = ({ status }: DeploymentWire): boolean => status === 'pending' || status === 'deploying';

/** The newest deployments of each environment, in the order asked for. */
export const useDeployments = (environmentIds: readonly string[], count: number) =>
  useQueries({
    queries: environmentIds.map((id) => ({
      queryKey: [...SITES, 'deployments', id, count],
      placeholderData: keepPreviousData,
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await apiGet<List<typeof deployment>>(`${atEnvironment(id)}/deployments?per_page=${count}`, signal)).data,
      refetchInterval: ({ state }: { state: { data?: DeploymentWire[] | undefined } }) => (state.data?.some(isOpenDeployment) ? RUNNING_MS : (false as const)),
    })),
  });

/** The keys of each environment's secrets and of those for all (null), in the order asked for. */
export const useSecrets = (environmentIds: readonly (string | null)[]) =>
  useQueries({
    queries: environmentIds.map((id) => ({
      queryKey: [...SITES, 'secrets', id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await apiGet<List<typeof secret>>(`${secretsAt(id)}?per_page=${PAGE}`, signal)).data,
    })),
  });

/** A mutation after which sites are asked for again. What it answers may hold a secret: nothing of it is kept. */
function useChange<B, A>(send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, gcTime: 0, onSuccess: () => client.invalidateQueries({ queryKey: SITES }) });
}

export const useCreateSite = () => useChange((body: CreateSiteBody) => apiSend<Envelope<typeof site>>('POST', `${BASE}/sites`, body));

/** What a reset came to within 25 s. Once it is done the password is there, for those who may read credentials. */
export interface ResetAnswer {
  isDone: boolean;
  password: string | null;
  jobId: string;
  current: EnvironmentWire['current'];
  /** Goes on working for what runs. */
  retiring: EnvironmentWire['retiring'];
  valid: EnvironmentWire['valid_passwords'];
  /** What stops working. */
  breaks: string | null;
}

export function useReset(of: ResetTarget) {
  return useChange(async (body: EnvironmentResetBody): Promise<ResetAnswer> => {
    if (of.kind === 'development') {
      const { data } = await apiSend<Envelope<typeof devReset>>('POST', `${at(of.id)}/database/reset-password`, body);
      return {
        isDone: data.is_done,
        password: data.dev_db_password ?? null,
        jobId: data.job_id,
        current: data.current,
        retiring: null,
        valid: [],
        breaks: null,
      };
    }
    const { data } = await apiSend<Envelope<typeof environmentReset>>('POST', `${atEnvironment(of.id)}/database/reset-password`, body);
    return {
      isDone: data.is_done,
      password: data.db_password ?? null,
      jobId: data.job_id,
      current: data.current,
      retiring: data.retiring,
      valid: data.valid_passwords,
      breaks: data.breaks ?? null,
    };
  });
}

/** Logs in with every password that may work now. */
export const useVerifyLogins = ({ kind, id }: Pick<ResetTarget, 'kind' | 'id'>) =>
  useChange(
    async () => (await apiSend<Envelope<typeof verification>>('POST', `${kind === 'development' ? at(id) : atEnvironment(id)}/database/verify`, {})).data,
  );

/** Writes the current password into wp-config.php again. */
export const useReconfigure = (siteId: string) => useChange(() => apiSend<Envelope<typeof site>>('POST', `${at(siteId)}/wp/reconfig`, {}));

/** The answer holds the secret that signs calls of the deploy hook, where one was given. */
export const useCreateEnvironment = (siteId: string) =>
  useChange((body: CreateEnvironmentBody) => apiSend<Envelope<typeof environmentWithSecret>>('POST', `${at(siteId)}/environments`, body));

/** The answer holds a secret where another hook was given. */
export const useUpdateEnvironment = (environmentId: string) =>
  useChange((body: UpdateEnvironmentBody) => apiSend<Envelope<typeof environmentWithSecret>>('PUT', atEnvironment(environmentId), body));

export const useUpdateSite = (siteId: string) => useChange((body: UpdateSiteBody) => apiSend<Envelope<typeof site>>('PUT', at(siteId), body));

/** Rekey forgets a site or an environment; its databases stay as they are. What is gone is not asked for again. */
export function useForgetPlace(of: 'sites' | 'environments', id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend<Envelope<typeof nothing>>('DELETE', of === 'sites' ? at(id) : atEnvironment(id), undefined),
    onSuccess: () =>
      client.invalidateQueries({ queryKey: SITES, predicate: ({ queryKey }) => (of === 'sites' ? queryKey[1] === 'list' : !queryKey.includes(id)) }),
  });
}

export const useDeploy = (environmentId: string) =>
  useChange((body: CreateDeploymentBody) => apiSend<Envelope<typeof deployment>>('POST', `${atEnvironment(environmentId)}/deployments`, body));

export const useCreateSecret = () =>
  useChange(({ environmentId, ...body }: CreateSecretBody & { environmentId: string | null }) =>
    apiSend<Envelope<typeof secret>>('POST', secretsAt(environmentId), body),
  );

export const useDeleteSecret = () =>
  useChange(({ environmentId, id }: { environmentId: string | null; id: string }) =>
    apiSend<Envelope<typeof nothing>>('DELETE', `${secretsAt(environmentId)}/${encodeURIComponent(id)}`, undefined),
  );

/** Where a secret counts; `id` null: in every environment of the organization. */
export interface SecretPlace {
  id: string | null;
  name: string;
}
