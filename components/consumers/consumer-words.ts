import { runbookItem } from '#components/integrations/runbook-item.ts';
import type { ConsumerWire } from '#lib/contract/consumer.ts';
import { CONSUMER_KINDS } from './consumer-kinds.ts';
import type { Runbook } from './runbook.ts';

/** The grey words behind a name: the note and whom to tell; the kind where there is neither. */
export function aboutConsumer({ kind, owner, note }: Pick<ConsumerWire, 'kind' | 'owner' | 'note'>): string {
  const known = [note, owner].filter((part) => part !== null);
  return known.length > 0 ? known.join(' · ') : CONSUMER_KINDS[kind].label;
}

/** The runbook as lines of text, to be pasted into a ticket. */
export function runbookText({ tasks, integrations }: Runbook, version: number): string {
  const ofTasks = [...tasks.open, ...tasks.done].map(
    (task) => `[${task.done_at === null ? ' ' : 'x'}] ${task.name}: ${aboutConsumer(task)}${task.done_by === null ? '' : `, checked off by ${task.done_by}`}`,
  );
  const ofIntegrations = [...integrations.open, ...integrations.rest].map((integration) => {
    const { isOpen, title, text } = runbookItem(integration, version);
    return `[${isOpen ? ' ' : 'x'}] ${title}: ${text}`;
  });
  return [...ofTasks, ...ofIntegrations].join('\n');
}
