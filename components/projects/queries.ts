'use client';

import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/shell/me.tsx';
import { apiGet, apiSend } from '#lib/http/api-client.ts';
import { auditEventList } from '#lib/http/wire/audit.ts';
import { type JobWire, jobAnswer, jobList, type RotateBody } from '#lib/http/wire/job.ts';
import {
  type ConnectionsWire,
  type CreateProjectBody,
  connectionsAnswer,
  createProjectAnswer,
  type ProjectWire,
  projectAnswer,
  projectList,
  sessionList,
  type TrustServerKeyBody,
  type UpdateProjectBody,
  type VerifyBody,
} from '#lib/http/wire/project.ts';
import { rotationWeeks } from '#lib/http/wire/rotation-weeks.ts';
import { loginKey } from './login-key.ts';

/** Every key starts with the kind of live event that makes it old; sessions are asked of the server itself, on a press alone. */
export const keys = {
  projects: ['project'] as const,
  project: (id: string) => ['project', id] as const,
  sessions: (projectId: string) => ['sessions', projectId] as const,
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

/** All projects of the organization. */
export const useProjects = () =>
  useQuery({ queryKey: [...keys.projects, 'list'], queryFn: async ({ signal }) => (await apiGet('/projects', projectList, signal)).projects });

/** How many rotations ended, by week. A rotation that ends changes its project, so that this is asked for again too. */
export function useRotationWeeks() {
  const { id } = useMe().organization;
  return useQuery({
    queryKey: [...keys.projects, 'weeks'],
    queryFn: async ({ signal }) => (await apiGet(`/organizations/${encodeURIComponent(id)}/rotations/weekly`, rotationWeeks, signal)).weeks,
  });
}

/** All projects on the login of this one, itself among them: a rotation concerns them all. Undefined until they are known. */
export function useSharedLogin(project: ProjectWire): { sharing: ProjectWire[] | undefined; error: Error | null } {
  const { data, error } = useProjects();
  return { sharing: data?.filter((other) => loginKey(other) === loginKey(project)), error };
}

export const useProject = (id: string) =>
  useQuery({
    queryKey: keys.project(id),
    queryFn: async ({ signal }) => (await apiGet(at(id), projectAnswer, signal)).project,
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'ready' ? WAITING_MS : false),
  });

/** A project's jobs, newest first, at most 50. */
export const useJobs = (projectId: string) =>
  useQuery({
    queryKey: keys.jobsOf(projectId),
    queryFn: async ({ signal }) => (await apiGet(`${at(projectId)}/jobs?limit=50`, jobList, signal)).jobs,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? WAITING_MS : false),
  });

/** One job with its whole timeline. */
export const useJob = (id: string | null | undefined) =>
  useQuery({
    queryKey: keys.job(id ?? ''),
    enabled: Boolean(id),
    queryFn: async ({ signal }) => (await apiGet(`/jobs/${encodeURIComponent(id ?? '')}`, jobAnswer, signal)).job,
    refetchInterval: ({ state }) => jobIntervalMs(state.data),
  });

/** A project's audit events, newest first, page by page. */
export const useAuditEvents = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.auditOf(projectId),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      apiGet(`${at(projectId)}/audit-events?limit=50${pageParam && `&cursor=${encodeURIComponent(pageParam)}`}`, auditEventList, signal),
    getNextPageParam: (last) => last.next_cursor,
  });

/** Open sessions of the project's role, asked of the server itself: only where somebody looks. */
export const useSessions = (projectId: string, enabled = true) =>
  useQuery({
    queryKey: keys.sessions(projectId),
    enabled,
    staleTime: 10_000,
    retry: false,
    queryFn: ({ signal }) => apiGet(`${at(projectId)}/sessions`, sessionList, signal),
  });

/** The URLs with the password in them. Each call is written to the audit log; the answer is never cached. */
export async function fetchConnections(projectId: string): Promise<ConnectionsWire> {
  return (await apiGet(`${at(projectId)}/connections`, connectionsAnswer)).connections;
}

const putProject = (client: QueryClient, project: ProjectWire) => {
  client.setQueryData(keys.project(project.id), project);
  return client.invalidateQueries({ queryKey: keys.projects });
};

/** Adopts a database; nothing is rotated. */
export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateProjectBody) => apiSend('POST', '/projects', body, createProjectAnswer),
    onSuccess: ({ project, job }) => {
      client.setQueryData(keys.job(job.id), job);
      return putProject(client, project);
    },
  });
}

export function useUpdateProject(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateProjectBody) => apiSend('PATCH', at(projectId), body, projectAnswer),
    onSuccess: ({ project }) => putProject(client, project),
  });
}

/** Trusts a key that was refused, and has the login checked with it. */
export function useTrustServerKey(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TrustServerKeyBody) => apiSend('POST', `${at(projectId)}/server-keys`, body, createProjectAnswer),
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
    mutationFn: () => apiSend('DELETE', at(projectId), undefined, jobAnswer),
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
    mutationFn: (body: B) => apiSend('POST', `${at(projectId)}${path}`, body, jobAnswer),
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
    mutationFn: () => apiSend('POST', `/jobs/${encodeURIComponent(jobId)}/cancel`, undefined, jobAnswer),
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
