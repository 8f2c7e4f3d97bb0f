import { runbookItem } from '#components/integrations/runbook-item.ts';
import type { ConsumerTaskWire } from '#lib/contract/consumer.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { RotationWire } from '#lib/contract/job.ts';

/** What a completed rotation leaves to do. */
export interface Runbook {
  tasks: { open: ConsumerTaskWire[]; done: ConsumerTaskWire[] };
  integrations: { open: IntegrationWire[]; rest: IntegrationWire[] };
  /** How many things wait for a person. */
  left: number;
  total: number;
}

/** `integrations` are those of now: a rotation that a later one has overtaken no longer concerns them. */
export function runbookOf({ state, tasks, to_version: version }: RotationWire, integrations: readonly IntegrationWire[], currentVersion: number): Runbook {
  const concerned = state === 'completed' && version === currentVersion ? integrations : [];
  const open = tasks.filter(({ done_at: doneAt }) => doneAt === null);
  const done = tasks.filter(({ done_at: doneAt }) => doneAt !== null);
  const waiting = concerned.filter((integration) => runbookItem(integration, version).isOpen);
  const rest = concerned.filter((integration) => !waiting.includes(integration));
  return {
    tasks: { open, done },
    integrations: { open: waiting, rest },
    left: open.length + waiting.length,
    total: tasks.length + concerned.length,
  };
}
