import { z } from 'zod';
import { id, time } from './common.ts';

export const consumerKind = z.enum(['ci_secret', 'cron_job', 'env_file', 'password_manager', 'other']);
export type ConsumerKind = z.infer<typeof consumerKind>;

const asItWas = { name: z.string(), kind: consumerKind, owner: z.string().nullable(), note: z.string().nullable() };

/** That a consumer is to be given the password of a rotation; ticked off by a person. The consumer stands in it as it was then. */
export const consumerTask = z.object({
  id,
  project_id: id,
  /** Null once the consumer has been taken off the list. */
  consumer_id: id.nullable(),
  ...asItWas,
  done_at: time.nullable(),
  done_by: z.string().nullable(),
});
export type ConsumerTaskWire = z.infer<typeof consumerTask>;
export const consumerTaskAnswer = z.object({ task: consumerTask });

export const consumer = z.object({
  id,
  organization_id: id,
  project_id: id,
  ...asItWas,
  created_at: time,
  updated_at: time,
  /** Of the last rotation that found it on the list; null before there was one. */
  task: z.object({ id, job_id: id, version: z.number().int(), done_at: time.nullable(), done_by: z.string().nullable() }).nullable(),
});
export type ConsumerWire = z.infer<typeof consumer>;
export const consumerAnswer = z.object({ consumer });
export const consumerList = z.object({ consumers: z.array(consumer) });

const name = z.string().trim().min(1, 'Give it a name, such as Nightly report.').max(80);
const owner = z.string().trim().max(120).nullable();
const note = z.string().trim().max(300).nullable();

export const createConsumerBody = z.strictObject({ name, kind: consumerKind, owner: owner.optional(), note: note.optional() });
export type CreateConsumerBody = z.infer<typeof createConsumerBody>;

export const updateConsumerBody = z.strictObject({
  name: name.optional(),
  kind: consumerKind.optional(),
  owner: owner.optional(),
  note: note.optional(),
});
export type UpdateConsumerBody = z.infer<typeof updateConsumerBody>;

export const consumerParams = z.object({ projectId: id, consumerId: id });
export const consumerTaskParams = z.object({ projectId: id, jobId: id, taskId: id });
