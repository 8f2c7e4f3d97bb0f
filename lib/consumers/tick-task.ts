import type { ConsumerTask } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ConsumerTaskWire } from '#lib/contract/consumer.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { taskToWire } from './to-wire.ts';

export interface TaskKey {
  projectId: string;
  jobId: string;
  taskId: string;
}

async function lockTask(tx: Tx, context: Context, { projectId, jobId, taskId: id }: TaskKey): Promise<ConsumerTask> {
  await tx.$queryRaw`SELECT FROM consumer_tasks WHERE id = ${id} AND organization_id = ${context.organizationId} FOR UPDATE`;
  const task = await tx.consumerTask.findFirst({ where: { id, projectId, project: visibleProjects(context), rotation: { jobId } } });
  if (!task) throw notFound('task');
  return task;
}

/** Ticks a task off, or takes the tick back. What stands so already stays as it is, with who did it. Throws not_found. */
export async function tickTask(context: Context, key: TaskKey, isDone: boolean): Promise<ConsumerTaskWire> {
  return db.$transaction(async (tx) => {
    const task = await lockTask(tx, context, key);
    if ((task.doneAt !== null) === isDone) return taskToWire(task);
    const data = isDone ? { doneAt: storeTime(), doneBy: context.actor.name } : { doneAt: null, doneBy: null };
    const ticked = await tx.consumerTask.update({ where: { id: task.id }, data });
    await recordAudit(tx, context, {
      action: isDone ? 'consumer.task_ticked' : 'consumer.task_unticked',
      projectId: key.projectId,
      metadata: { job_id: key.jobId, task_id: task.id, name: task.name },
    });
    return taskToWire(ticked);
  });
}
