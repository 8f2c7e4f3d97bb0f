import { expect, it } from 'vitest';
import type { CampaignWire } from '#lib/contract/campaign.ts';
import { headline, limitWords, stageLabel, stageState, stateBadge } from './campaign-words.ts';

const campaign = (change: Partial<CampaignWire> = {}, progress: Partial<CampaignWire['progress']> = {}): CampaignWire => ({
  ...{
    id: 'cmp_1',
    organization_id: 'org_1',
    name: 'CI log leak',
    state: 'running',
    stopped_because: null,
    reason: 'compromise',
    note: null,
    close_sessions: true,
  },
  ...{ canary: 10, waves: [10, 25], at_once: 24, at_once_per_server: 8, stop_failures: 20, stop_share: null, wave: 2, last_wave: 4, consumers_waiting: 0 },
  ...{ started_by: 'owner@example.com', changed_by: null, created_at: '2026-11-24T14:02:10Z', updated_at: '2026-11-24T14:02:10Z', finished_at: null },
  ...change,
  progress: { total: 3412, rotated: 761, failed: 7, skipped: 0, running: 24, in_doubt: 0, waiting: 2620, ...progress },
});
const stage = (change: object) => ({
  ...{ wave: 2, total: 853, rotated: 412, failed: 5, skipped: 0, running: 24, in_doubt: 0, waiting: 412, ended_at: null, marks: '' },
  ...change,
});

it('says first what is known of the passwords', () => {
  expect(headline(campaign())).toEqual({
    tone: 'accent',
    title: '761 of 3,412 logins have a new, verified password.',
    text: 'Wave 2 of 4 is in progress. It stops at 20 failures, 7 so far.',
  });
  expect(headline(campaign({ wave: 0 })).text).toBe('The canary is in progress. It stops at the first failure of the canary.');
  expect(
    headline(campaign({ state: 'stopped', stopped_because: 'canary_failed' }, { total: 10, rotated: 7, failed: 3, running: 0, waiting: 0 })),
  ).toMatchObject({
    title: 'No password is in doubt.',
    text: '7 new and verified, 3 kept the old one.',
  });
  expect(headline(campaign({ state: 'stopped' }, { in_doubt: 1 }))).toMatchObject({ tone: 'warn', title: '1 password is in doubt.' });
  expect(headline(campaign({ state: 'paused', changed_by: 'ops@example.com' }, { running: 1 })).text).toBe(
    'Paused by ops@example.com: nothing starts until it is resumed. 1 rotation in progress ends by itself.',
  );
  expect(headline(campaign({ state: 'completed' }, { total: 3, rotated: 3, failed: 0, running: 0, waiting: 0 }))).toEqual({
    tone: 'ok',
    title: '3 of 3 logins have a new, verified password.',
    text: '',
  });
});

it('says when it stops', () => {
  expect(limitWords(campaign({ stop_share: 5 }))).toBe('It stops at 20 failures or 5 % of all logins, 7 so far.');
  expect(limitWords(campaign({ stop_failures: null }))).toBe('No number of failures stops it.');
});

it('names the state of each wave', () => {
  expect(stageState(stage({}), campaign())).toEqual({ kind: 'running', words: '412 of 853 verified, 5 failed' });
  expect(stageState(stage({ wave: 3, rotated: 0, failed: 0, running: 0, waiting: 853 }), campaign())).toEqual({
    kind: 'not-readable',
    words: 'Starts after wave 2',
  });
  expect(stageState(stage({ rotated: 853, failed: 0, running: 0, waiting: 0, ended_at: '2026-11-24T14:02:31Z' }), campaign())).toEqual({
    kind: 'ok',
    words: '853 verified',
  });
  expect(stageState(stage({}), campaign({ state: 'stopped' })).words).toBe('412 of 853 verified, 5 failed, 24 in progress, 412 not started');
  expect(stageState(stage({ running: 0, waiting: 0, in_doubt: 1 }), campaign({ state: 'paused' })).words).toBe('412 of 853 verified, 5 failed, 1 in doubt');
  expect(stageLabel(stage({ wave: 0 }))).toBe('Canary, 853 logins: 412 verified, 24 in progress, 5 failed, 412 not started');
});

it('says where it stopped', () => {
  expect(stateBadge(campaign({ state: 'stopped', stopped_because: 'canary_failed' })).words).toBe('Stopped at the canary');
  expect(stateBadge(campaign({ state: 'stopped', stopped_because: 'too_many_failures' })).words).toBe('Stopped');
});
