import type { Consumer, ConsumerTask, Prisma } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ConsumerTaskWire, ConsumerWire, CreateConsumerBody, UpdateConsumerBody } from '#lib/contract/consumer.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation, type Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';

/** A consumer with its newest task. */
const CONSUMER_PARTS = {
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
const consumerToWire = (row: ConsumerRow): ConsumerWire => ({
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

interface ConsumerKey {
  projectId: string;
  consumerId: string;
}

/** The project's consumer, locked until the transaction ends. Throws not_found. */
async function lockConsumer(tx: Tx, context: Context, { projectId, consumerId: id }: ConsumerKey): Promise<Consumer> {
  await tx.$queryRaw`SELECT FROM consumers WHERE id = ${id} AND organization_id = ${context.organizationId} FOR UPDATE`;
  const consumer = await tx.consumer.findFirst({ where: { id, projectId, project: visibleProjects(context) } });
  if (!consumer) throw notFound('consumer');
  return consumer;
}

/** The details of a consumer for the audit log. */
const consumerFacts = ({ id, name, kind }: Consumer) => ({ consumer_id: id, name, kind });

const nameTaken = () => invalidField('name', 'This project already has a manual consumer of that name. Nothing was changed; choose another name.');

/**
 * Adds a manual consumer of a project's URL. Each rotation from now on gets a task to update it.
 * @throws {DomainError} not_found, validation_failed if the name is taken
 */
export async function createConsumer(context: Context, projectId: string, body: CreateConsumerBody): Promise<ConsumerWire> {
  const { organizationId } = context;
  const data = { id: newId('con'), organizationId, projectId, name: body.name, kind: body.kind, owner: body.owner || null, note: body.note || null };
  try {
    return await db.$transaction(async (tx) => {
      const project = await tx.project.findFirst({ where: { AND: [visibleProjects(context), { id: projectId }] }, select: { id: true } });
      if (!project) throw notFound('project');
      const row = await tx.consumer.create({ data });
      await recordAudit(tx, context, { action: 'consumer.created', projectId, metadata: consumerFacts(row) });
      return consumerToWire({ ...row, tasks: [] });
    });
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken() : error;
  }
}

/**
 * Changes the given fields. Tasks of past rotations are unchanged.
 * @throws {DomainError} not_found, validation_failed where the name is taken
 */
export async function updateConsumer(context: Context, key: ConsumerKey, body: UpdateConsumerBody): Promise<ConsumerWire> {
  try {
    return await db.$transaction(async (tx) => {
      await lockConsumer(tx, context, key);
      const row = await tx.consumer.update({
        where: { id: key.consumerId },
        data: {
          ...(body.name !== undefined && { name: body.name }),
          ...(body.kind !== undefined && { kind: body.kind }),
          ...(body.owner !== undefined && { owner: body.owner || null }),
          ...(body.note !== undefined && { note: body.note || null }),
        },
        include: CONSUMER_PARTS,
      });
      await recordAudit(tx, context, {
        action: 'consumer.updated',
        projectId: key.projectId,
        metadata: { ...consumerFacts(row), fields: Object.keys(body) },
      });
      return consumerToWire(row);
    });
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken() : error;
  }
}

/** Deletes a consumer. Its tasks stay with their rotations. Throws not_found. */
export async function deleteConsumer(context: Context, key: ConsumerKey): Promise<void> {
  await db.$transaction(async (tx) => {
    const consumer = await lockConsumer(tx, context, key);
    await tx.consumer.delete({ where: { id: consumer.id } });
    await recordAudit(tx, context, { action: 'consumer.deleted', projectId: key.projectId, metadata: consumerFacts(consumer) });
  });
}

/** Returns the manual consumers of a project by name, each with its task of the last rotation. Throws not_found. */
export async function listConsumers(context: Context, projectId: string): Promise<ConsumerWire[]> {
  const project = await db.project.findFirst({
    where: { AND: [visibleProjects(context), { id: projectId }] },
    select: { consumers: { include: CONSUMER_PARTS, orderBy: [{ name: 'asc' }] } },
  });
  if (!project) throw notFound('project');
  return project.consumers.map(consumerToWire);
}

interface TaskKey {
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

/** Marks a task as done or open. A task already in that state keeps the person and time it was marked. Throws not_found. */
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

interface CompletedRotation {
  organizationId: string;
  rotationId: string;
  databaseId: string;
}

/**
 * Writes a task for every consumer of every project that uses the login, in the transaction that completes its rotation.
 * Returns their names.
 */
export async function addTasks(tx: Tx, { organizationId, rotationId, databaseId }: CompletedRotation): Promise<string[]> {
  // The lock prevents a consumer from being deleted before its task is written, which would roll back the completion.
  const held = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT c.id, c.name FROM consumers c JOIN projects p ON p.id = c.project_id
    WHERE p.database_id = ${databaseId} ORDER BY c.name, c.id FOR KEY SHARE OF c`;
  if (held.length === 0) return [];
  const tasks = JSON.stringify(held.map(({ id }) => ({ id: newId('tsk'), consumer_id: id })));
  await tx.$executeRaw`
    INSERT INTO consumer_tasks (id, organization_id, rotation_id, project_id, consumer_id, name, kind, owner, note)
    SELECT task.id, ${organizationId}, ${rotationId}, c.project_id, c.id, c.name, c.kind, c.owner, c.note
    FROM jsonb_to_recordset(${tasks}::jsonb) AS task (id text, consumer_id text) JOIN consumers c ON c.id = task.consumer_id`;
  return held.map(({ name }) => name);
}
