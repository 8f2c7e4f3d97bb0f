import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { RoundFault, settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { makeSubject, storedCredentials } from '#scripts/torture/subject.ts';

const TRIGGERS = 50;

/** Fifty ask at the same time, through two projects that share one login: one rotation, and 49 are told which. */
export const simultaneousTriggers: Scenario = (rig) => {
  const begin = lazy(async () => {
    const subject = await makeSubject(await rig.target({}), 'role');
    const { projectId: id } = subject;
    const project = await db.project.findUniqueOrThrow({ where: { id } });
    const other = await db.project.create({ data: { ...project, id: newId('prj'), slug: newId('prj').toLowerCase() } });
    return { subject, projects: [id, other.id] };
  });
  return [
    {
      name: `${TRIGGERS} ask at once`,
      keepsWorker: true,
      play: async () => {
        const { subject, projects } = await begin();
        await rig.yard.keep();
        const before = await storedCredentials(subject);
        const asked = await Promise.allSettled(Array.from({ length: TRIGGERS }, (_, i) => requestRotation(subject.context, projects[i % 2] ?? '', {})));
        const jobs = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.jobId] : []));
        const [jobId] = jobs;
        if (!jobId || jobs.length > 1) throw new RoundFault('fault', `${jobs.length} rotations were begun`);
        const refusals = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
        for (const error of refusals) {
          const isRight = error instanceof DomainError && error.code === 'rotation_in_progress' && error.extras.jobId === jobId;
          if (!isRight) throw new RoundFault('fault', `one was told ${error instanceof DomainError ? `${error.code} ${error.extras.jobId}` : String(error)}`);
        }
        return { endings: [await settle({ subject, jobId, before })], hits: 1 };
      },
    },
  ];
};
