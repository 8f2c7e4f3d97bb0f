'use client';

import { keepPreviousData, type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/session/me.tsx';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { auditEventList } from '#lib/contract/audit.ts';
import type { JobWire, jobAnswer, jobList, RotateBody } from '#lib/contract/job.ts';
import type {
  ConnectionsWire,
  CreateProjectBody,
  connectionsAnswer,
  createProjectAnswer,
  EndSessionsBody,
  ProjectWire,
  projectAnswer,
  projectList,
  sessionList,
  sessionsEnded,
  TrustServerKeyBody,
  UpdateProjectBody,
  VerifyBody,
} from '#lib/contract/project.ts';
import type { projectSummaryAnswer } from '#lib/contract/project-summary.ts';
import type { rotationWeeks } from '#lib/contract/rotation.ts';

/** Every key starts with the kind of live event that makes it old; sessions are asked of the server itself, on a press alone. */
export const keys = {
  projects: ['project'] as const,
  project: (id: string) => ['project', id] as const,
  sessions: (projectId: string) => ['sessions', projectId] as const,
  oldSessions: (jobId: string) => ['sessions', 'old', jobId] as const,
  jobs: ['job'] as const,
  job: (id: string) => ['job', id] as const,
  jobsOf: (projectId: string) => ['job', 'of', projectId] as const,
  auditOf: (projectId: string) => ['audit', 'of', projectId] as const,
};

/** While something runs it is asked for again and again, so that the page is right without the live stream too. */
const RUNNING_MS = 500;
const WAITING_MS = 2000;
const isOpen = (job: JobWire): boolean => job.state === 'queued' || job.state === 'running';
const jobIntervalMs = (job: JobWire | undefined): number | false => {
  if (!job || !isOpen(job)) return false;
  return job.rotation?.state === 'needs_attention' ? WAITING_MS : RUNNING_MS;
};

const at = (projectId: string) => `/projects/${encodeURIComponent(projectId)}`;

type Filters = Record<string, string | number | boolean | undefined>;

/** `?a=b` of what is given. */
function queryText(filters: Filters): string {
  const given = Object.entries(filters).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

const PAGE = 50;

/** One page of the projects that match: its rows, and whether there are more. */
const useProjectPage = (filters: Filters, { enabled = true, keepsPrevious = false } = {}) =>
  useQuery({
    queryKey: [...keys.projects, 'list', 'page', filters],
    enabled,
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
    queryFn: ({ signal }) => apiGet<typeof projectList>(`/projects${queryText(filters)}`, signal),
    select: ({ projects, next_cursor: next }) => ({ projects, hasMore: next !== undefined }),
  });

/** The projects that match, page by page. `noWorker` as `useNoWorker` has it: what needs a person hangs on it. */
export const useProjectPages = (filters: Filters, noWorker: boolean) =>
  useInfiniteQuery({
    queryKey: [...keys.projects, 'list', 'pages', filters, noWorker],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => apiGet<typeof projectList>(`/projects${queryText({ ...filters, limit: PAGE, cursor: pageParam })}`, signal),
    getNextPageParam: (last) => last.next_cursor,
    select: ({ pages }) => pages.flatMap(({ projects }) => projects),
  });

/** How many of the projects that match stand how. */
export function useProjectSummary(filters: Filters = {}, noWorker = false) {
  const { id } = useMe().organization;
  return useQuery({
    queryKey: [...keys.projects, 'list', 'summary', filters, noWorker],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await apiGet<typeof projectSummaryAnswer>(`/organizations/${encodeURIComponent(id)}/projects/summary${queryText(filters)}`, signal)).summary,
  });
}

const SIDEBAR = 12;

/** Projects for the sidebar, those that need a person first; databases of sites stand under their sites. */
export const useTopProjects = () => useProjectPage({ of_site: false, sort: 'urgency', limit: SIDEBAR });

/** The first projects that a search finds; those of the search before while it runs. */
export const useFoundProjects = (q: string, limit: number) => useProjectPage({ q, sort: 'relevance', limit }, { enabled: q !== '', keepsPrevious: true });

/** As many projects as a page may hold, for a choice of one or some. */
export const useProjectChoices = () => useProjectPage({ limit: 200 }).data?.projects;

/** The names of projects, of those that the signed-in person may see. */
export function useProjectNames(ids: readonly string[]): Map<string, string> {
  const { data } = useProjectPage({ ids: [...ids].sort().slice(0, 200).join(','), limit: 200 }, { enabled: ids.length > 0 });
  return new Map(data?.projects.map(({ id, name }) => [id, name]));
}

/** How many rotations ended, by week. A rotation that ends changes its project, so that this is asked for again too. */
export function useRotationWeeks() {
  const { id } = useMe().organization;
  return useQuery({
    queryKey: [...keys.projects, 'weeks'],
    queryFn: async ({ signal }) => (await apiGet<typeof rotationWeeks>(`/organizations/${encodeURIComponent(id)}/rotations/weekly`, signal)).weeks,
  });
}

/** All projects on the login of this one, itself among them: a rotation concerns them all. Undefined until they are known. */
export function useSharedLogin(project: ProjectWire): { sharing: ProjectWire[] | undefined; error: Error | null } {
  const { data, error } = useProjectPage({ login_of: project.id });
  return { sharing: data?.projects, error };
}

export const useProject = (id: string, enabled = true) =>
  useQuery({
    queryKey: keys.project(id),
    enabled,
    queryFn: async ({ signal }) => (await apiGet<typeof projectAnswer>(at(id), signal)).project,
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'ready' ? WAITING_MS : false),
  });

/** A project's jobs, newest first, at most 50. */
export const useJobs = (projectId: string) =>
  useQuery({
    queryKey: keys.jobsOf(projectId),
    queryFn: async ({ signal }) => (await apiGet<typeof jobList>(`${at(projectId)}/jobs?limit=50`, signal)).jobs,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? WAITING_MS : false),
  });

/** The jobs of a project page by page, newest first. */
export const useJobPages = (projectId: string) =>
  useInfiniteQuery({
    queryKey: [...keys.jobsOf(projectId), 'pages'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => apiGet<typeof jobList>(`${at(projectId)}/jobs${queryText({ limit: 50, cursor: pageParam || undefined })}`, signal),
    getNextPageParam: (last) => last.next_cursor,
    select: ({ pages }) => pages.flatMap(({ jobs }) => jobs),
    refetchInterval: ({ state }) => (state.data?.pages.some(({ jobs }) => jobs.some(isOpen)) ? WAITING_MS : false),
  });

/** One job with its whole timeline. */
export const useJob = (id: string | null | undefined) =>
  useQuery({
    queryKey: keys.job(id ?? ''),
    enabled: Boolean(id),
    queryFn: async ({ signal }) => (await apiGet<typeof jobAnswer>(`/jobs/${encodeURIComponent(id ?? '')}`, signal)).job,
    refetchInterval: ({ state }) => jobIntervalMs(state.data),
  });

/** A project's audit events, newest first, page by page. */
export const useAuditEvents = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.auditOf(projectId),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      apiGet<typeof auditEventList>(`${at(projectId)}/audit-events?limit=50${pageParam && `&cursor=${encodeURIComponent(pageParam)}`}`, signal),
    getNextPageParam: (last) => last.next_cursor,
  });

/** Open sessions of the project's role, asked of the server itself: only where somebody looks. */
export const useSessions = (projectId: string, enabled = true) =>
  useQuery({
    queryKey: keys.sessions(projectId),
    enabled,
    staleTime: 10_000,
    retry: false,
    queryFn: ({ signal }) => apiGet<typeof sessionList>(`${at(projectId)}/sessions`, signal),
  });

/** Open sessions begun before a rotation changed the password, asked of the server itself. */
export const useOldSessions = (jobId: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.oldSessions(jobId),
    enabled,
    staleTime: 10_000,
    retry: false,
    queryFn: ({ signal }) => apiGet<typeof sessionList>(`/jobs/${encodeURIComponent(jobId)}/old-sessions`, signal),
  });

/** Ends the old sessions of one row, or all of them; the list is read again, whatever became of it. */
export function useEndSessions(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: EndSessionsBody) => apiSend<typeof sessionsEnded>('POST', `/jobs/${encodeURIComponent(jobId)}/old-sessions/end`, body),
    onSettled: () => Promise.all([keys.oldSessions(jobId), keys.job(jobId), keys.projects].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** The URLs with the password in them. Each call is written to the audit log; the answer is never cached. */
export async function fetchConnections(projectId: string): Promise<ConnectionsWire> {
  return (await apiGet<typeof connectionsAnswer>(`${at(projectId)}/connections`)).connections;
}

const putProject = (client: QueryClient, project: ProjectWire) => {
  client.setQueryData(keys.project(project.id), project);
  return client.invalidateQueries({ queryKey: keys.projects });
};

/** Adopts a database; nothing is rotated. */
export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateProjectBody) => apiSend<typeof createProjectAnswer>('POST', '/projects', body),
    onSuccess: ({ project, job }) => {
      client.setQueryData(keys.job(job.id), job);
      return putProject(client, project);
    },
  });
}

export function useUpdateProject(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateProjectBody) => apiSend<typeof projectAnswer>('PATCH', at(projectId), body),
    onSuccess: ({ project }) => putProject(client, project),
  });
}

/** Trusts a key that was refused, and has the login checked with it. */
export function useTrustServerKey(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TrustServerKeyBody) => apiSend<typeof createProjectAnswer>('POST', `${at(projectId)}/server-keys`, body),
    onSuccess: ({ project, job }) => {
      client.setQueryData(keys.job(job.id), job);
      return putProject(client, project);
    },
  });
}

/** Rekey forgets the project; the database is untouched. */
export function useForgetProject(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend<typeof jobAnswer>('DELETE', at(projectId), undefined),
    onSuccess: () => {
      client.removeQueries({ queryKey: keys.project(projectId) });
      return client.invalidateQueries({ queryKey: [...keys.projects, 'list'] });
    },
  });
}

/** A mutation that starts a job of this project and puts it into the cache. */
function useStartJob<B>(projectId: string, path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: B) => apiSend<typeof jobAnswer>('POST', `${at(projectId)}${path}`, body),
    onSuccess: async ({ job }) => {
      client.setQueryData(keys.job(job.id), job);
      await Promise.all([client.invalidateQueries({ queryKey: keys.jobsOf(projectId) }), client.invalidateQueries({ queryKey: keys.project(projectId) })]);
    },
  });
}

/** Starts a rotation; 409 carries the running one's job in `ApiProblem.jobId`. */
export const useRotate = (projectId: string) => useStartJob<RotateBody>(projectId, '/credentials/rotate');

/** Ends a rotation that has sent nothing yet. */
export function useCancelRotation(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend<typeof jobAnswer>('POST', `/jobs/${encodeURIComponent(jobId)}/cancel`, undefined),
    onSuccess: ({ job }) => {
      client.setQueryData(keys.job(job.id), job);
      return client.invalidateQueries({ queryKey: keys.project(job.project_id) });
    },
    // It has gone on meanwhile: the page shows how far.
    onError: () => client.invalidateQueries({ queryKey: keys.job(jobId) }),
  });
}

/** Logs in again with the current password, direct and pooled. */
export const useVerify = (projectId: string) => useStartJob<VerifyBody>(projectId, '/verify');
