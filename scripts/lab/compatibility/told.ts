import { expect } from 'vitest';
import { GET as getJob } from '#app/api/v1/jobs/[jobId]/route.ts';
import { GET as listAuditEvents } from '#app/api/v1/projects/[projectId]/audit-events/route.ts';
import { GET as getProject } from '#app/api/v1/projects/[projectId]/route.ts';
import { auditWords } from '#components/activity/audit-words.ts';
import { projectProof } from '#components/proofs/project-proof.ts';
import { rotationProof } from '#components/proofs/rotation-proof.ts';
import { failureAdvice } from '#components/rotation/failure-advice.ts';
import { stepWords } from '#components/rotation/step-words.ts';
import { plain } from '#components/ui/sentence.ts';
import type { AuditEventWire } from '#lib/contract/audit.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { db } from '#lib/kernel/db.ts';
import { call } from '#scripts/testing/call-api.ts';
import { type Around, namesOfAbsent } from './absent-names.ts';

/** All texts in an answer. The names of its fields are the same for everybody, and so are codes. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[a-z_.]+$/.test(value) ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function wordsOfJob(job: JobWire, project: ProjectWire): string[] {
  const { rotation } = job;
  const advice = Object.values(failureAdvice(job.error_code ?? rotation?.error_code ?? null, project.engine));
  if (!rotation) return [...advice, ...proofTexts(projectProof(project, job, null))];
  const steps = rotation.steps.map((step) => plain(stepWords(step, { rotation, project, maxAttempts: job.max_attempts }).words));
  return [...advice, ...steps, ...proofTexts(rotationProof(rotation)), ...proofTexts(projectProof(project, job, rotation))];
}

const proofTexts = ({ strong, small }: ReturnType<typeof projectProof>): string[] => [plain(strong), plain(small)];

/** Everything that Rekey says of a project, to whoever asks by the API, looks at the screens or gets its webhooks. */
async function readAll(projectId: string, headers: Record<string, string>): Promise<string[]> {
  const of = { headers, params: { projectId } };
  const project: ProjectWire = (await call(getProject, of)).body.project;
  const audit: AuditEventWire[] = (await call(listAuditEvents, of)).body.audit_events;
  expect(audit.length).toBeGreaterThan(1);
  const rows = await db.job.findMany({ where: { projectId }, select: { id: true } });
  const jobs: JobWire[] = await Promise.all(rows.map(async ({ id }) => (await call(getJob, { headers, params: { jobId: id } })).body.job));
  const events = await db.event.findMany({ where: { projectId }, select: { data: true } });
  const records = audit.flatMap((event) => {
    const { did, why } = auditWords(event);
    return [plain(did), why ?? ''];
  });
  return [...textsIn([project, jobs, audit, events]), ...jobs.flatMap((job) => wordsOfJob(job, project)), ...records];
}

/** Expects that nothing that was said of a project names a thing that is not there. */
export async function expectNoAbsentNames(projectId: string, headers: Record<string, string>, around: Around): Promise<void> {
  const faults = (await readAll(projectId, headers)).flatMap((text) => namesOfAbsent(text, around).map((name) => `${name}: ${text}`));
  expect([...new Set(faults)], 'texts that name what is not there').toEqual([]);
}
