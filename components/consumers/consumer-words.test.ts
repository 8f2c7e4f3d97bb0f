import { expect, test } from 'vitest';
import type { ConsumerTaskWire } from '#lib/contract/consumer.ts';
import { aboutConsumer, runbookText } from './consumer-words.ts';

const task: ConsumerTaskWire = {
  id: 'tsk_1',
  project_id: 'prj_1',
  consumer_id: 'con_1',
  name: 'Nightly report',
  kind: 'cron_job',
  owner: 'ops@example.com',
  note: 'cron on vm-reports',
  done_at: null,
  done_by: null,
};

test('what is known of a consumer stands behind its name, else its kind', () => {
  expect(aboutConsumer(task)).toBe('cron on vm-reports · ops@example.com');
  expect(aboutConsumer({ ...task, note: null })).toBe('ops@example.com');
  expect(aboutConsumer({ ...task, note: null, owner: null })).toBe('Cron job');
});

test('a runbook as text says what is open and who ticked the rest', () => {
  const done = {
    ...task,
    name: 'Local .env',
    kind: 'env_file',
    owner: null,
    note: null,
    done_at: '2026-11-21T14:09:00.000Z',
    done_by: 'dev@example.com',
  } as const;
  const runbook = { tasks: { open: [task], done: [done] }, integrations: { open: [], rest: [] }, left: 1, total: 2 };
  expect(runbookText(runbook, 15)).toBe('[ ] Nightly report: cron on vm-reports · ops@example.com\n[x] Local .env: .env file, checked off by dev@example.com');
});
