import type { Prisma } from '#generated/prisma/client.ts';
import type { ConsumerTaskWire, ConsumerWire } from '#lib/contract/consumer.ts';

/** A consumer with its newest task. */
export const CONSUMER_PARTS = {
  tasks: {
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: 1,
    include: { rotation: { select: { jobId: true, toCredential: { select: { version: true } } } } },
  },
} as const satisfies Prisma.ConsumerInclude;

type ConsumerRow = Prisma.ConsumerGetPayload<{ include: typeof CONSUMER_PARTS }>;

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

function newestTask({ tasks: [task] }: ConsumerRow): ConsumerWire['task'] {
  if (!task?.rotation.toCredential) return null;
  const { jobId, toCredential } = task.rotation;
  return { id: task.id, job_id: jobId, version: toCredential.version, done_at: timeOf(task.doneAt), done_by: task.doneBy };
}

/** A consumer as the API shows it. */
export const consumerToWire = (row: ConsumerRow): ConsumerWire => ({
  id: row.id,
  organization_id: row.organizationId,
  project_id: row.projectId,
  name: row.name,
  kind: row.kind,
  owner: row.owner,
  note: row.note,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
  task: newestTask(row),
});

/** A task as the API shows it. */
export const taskToWire = (row: Prisma.ConsumerTaskGetPayload<object>): ConsumerTaskWire => ({
  id: row.id,
  project_id: row.projectId,
  consumer_id: row.consumerId,
  name: row.name,
  kind: row.kind,
  owner: row.owner,
  note: row.note,
  done_at: timeOf(row.doneAt),
  done_by: row.doneBy,
});
