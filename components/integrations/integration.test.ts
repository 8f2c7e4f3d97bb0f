import { describe, expect, test } from 'vitest';
import { integrationColumns } from '#components/rotation/integration-columns.ts';
import type { IntegrationTargetWire, IntegrationWire } from '#lib/contract/integration.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import { fixOf, integrationState, keepersOf, needsPerson, targetsWords, troublesOf, variablesWords } from './integration-words.ts';
import { runbookItem } from './runbook-item.ts';

const AT = '2026-11-21T14:02:13.000Z';
const target = (name: string, more: Partial<IntegrationTargetWire> = {}): IntegrationTargetWire => ({
  target: name,
  state: 'in_sync',
  version: 15,
  synced_at: AT,
  checked_at: AT,
  kept_at: null,
  kept_by: null,
  failure_code: null,
  failure: null,
  refusals: [],
  ...more,
});
const integration = (more: Partial<IntegrationWire> = {}): IntegrationWire => ({
  id: 'itg_1',
  organization_id: 'org_1',
  project_id: 'prj_1',
  provider: 'vercel',
  external_id: 'prj_shop',
  state: 'in_sync',
  has_credentials: true,
  config: {
    variables: [{ name: 'DATABASE_URL', value: 'pooled_url' }],
    targets: ['production'],
    preview_branches: false,
    redeploy: 'manual',
    has_deploy_hook: false,
    workflow: null,
    ref: null,
  },
  created_at: AT,
  updated_at: AT,
  name: 'shop-web',
  account_id: null,
  targets: [target('production')],
  can_redeploy: true,
  redeployment: null,
  check_failure_code: null,
  check_failure: null,
  overrides: [],
  rotation_warning: null,
  sync: null,
  ...more,
});
const SYNC = { job_id: 'job_1', attempts: 1, max_attempts: 6, next_attempt_at: AT };
const begun = (state: 'requested' | 'started' | 'failed', version = 15): IntegrationWire['redeployment'] => ({
  state,
  version,
  requested_by: 'rekey',
  requested_at: AT,
  finished_at: AT,
  external_id: null,
  failure_code: state === 'failed' ? 'deployment_refused' : null,
  failure: state === 'failed' ? 'The provider began no deployment.' : null,
});
const failed = (name: string, version = 14) => target(name, { state: 'failed', version, failure_code: 'token_refused', failure: 'Replace the token.' });

describe('words', () => {
  test('a write that cannot be read back is never green', () => {
    expect(integrationState(integration({ state: 'unverified', targets: [target('production', { state: 'unverified' })] }))).toEqual({
      kind: 'not-readable',
      label: 'Sent, not readable',
    });
  });

  test('a failure that is tried again by itself is not yet one', () => {
    const failing = { state: 'failed' as const, targets: [failed('production')] };
    expect(integrationState(integration(failing)).kind).toBe('failed');
    expect(integrationState(integration({ ...failing, sync: SYNC }))).toEqual({ kind: 'running', label: 'Trying again' });
  });

  test('what was changed there needs a person until one keeps it', () => {
    const changed = (more: Partial<IntegrationTargetWire> = {}) =>
      target('production', { state: 'drifted', failure_code: 'changed_there', failure: 'Somebody changed it.', ...more });
    const kept = changed({ kept_at: AT, kept_by: 'ops@example.com' });
    const drifted = integration({ state: 'drifted', targets: [changed()] });
    expect([integrationState(drifted).label, needsPerson(drifted), troublesOf(drifted).length]).toEqual(['Drifted', true, 1]);
    const left = integration({ state: 'drifted', targets: [kept] });
    expect([integrationState(left), needsPerson(left), troublesOf(left), keepersOf(left)]).toEqual([
      { kind: 'ticked', label: 'Drift kept' },
      false,
      [],
      [{ by: 'ops@example.com', at: AT }],
    ]);
    expect(runbookItem(left, 16)).toMatchObject({ isOpen: false, kind: 'ticked', text: 'ops@example.com chose so' });
    const both = integration({ state: 'drifted', targets: [kept, { ...changed(), target: 'preview' }] });
    expect([integrationState(both).label, needsPerson(both)]).toEqual(['Drifted', true]);
  });

  test('targets stand in the order in which they are offered', () => {
    expect(targetsWords(integration({ targets: [target('development'), target('preview'), target('production')] }))).toBe(
      'production, preview and development',
    );
    expect(targetsWords(integration({ provider: 'github', targets: [target('actions')] }))).toBe('');
    expect(targetsWords(integration({ provider: 'github', targets: [target('environment:Live'), target('actions')] }))).toBe('actions and environment live');
    expect(variablesWords(integration({ provider: 'github' }))).toBe('secret DATABASE_URL');
  });

  test('a reason is told once, with where it applies', () => {
    expect(troublesOf(integration({ targets: [failed('production'), failed('preview')] }))).toEqual([
      { where: '', text: 'Replace the token.', code: 'token_refused' },
    ]);
    expect(troublesOf(integration({ targets: [target('production'), failed('preview')] }))).toMatchObject([{ where: 'Preview' }]);
    const refusals = [{ name: 'DATABASE_URL', code: 'managed_elsewhere', failure: 'Remove it there.' }];
    expect(troublesOf(integration({ targets: [{ ...failed('production'), refusals }] }))).toEqual([
      { where: 'DATABASE_URL, production', text: 'Remove it there.', code: 'managed_elsewhere' },
    ]);
    expect([fixOf('token_refused'), fixOf('place_missing'), fixOf('managed_elsewhere'), fixOf('deployment_refused'), fixOf('changed_there')]).toEqual([
      'token',
      'place',
      'variables',
      'deployment',
      'sync',
    ]);
  });
});

describe('the runbook', () => {
  const item = (more: Partial<IntegrationWire> = {}) => {
    const { isOpen, kind, title, act } = runbookItem(integration(more), 15);
    return [isOpen, kind, title, act];
  };

  test('asks a person to redeploy, until a deployment has begun', () => {
    expect(item()).toEqual([true, 'to-do', 'Redeploy Vercel · shop-web', 'redeploy']);
    expect(item({ redeployment: begun('started', 14) })).toEqual([true, 'to-do', 'Redeploy Vercel · shop-web', 'redeploy']);
    expect(item({ redeployment: begun('failed') })).toEqual([true, 'failed', 'Redeploy Vercel · shop-web', 'redeploy']);
    expect(item({ redeployment: begun('started') })).toEqual([false, 'ok', 'Vercel · shop-web has v15', null]);
  });

  test('asks a person to bring what has not got there', () => {
    expect(item({ state: 'failed', targets: [target('production'), failed('preview')] })).toEqual([true, 'failed', 'Sync v15 to Vercel · shop-web', 'sync']);
    expect(item({ state: 'drifted', targets: [target('production', { state: 'drifted' })] })).toEqual([
      true,
      'changed-there',
      'Sync v15 to Vercel · shop-web',
      'sync',
    ]);
    expect(item({ sync: SYNC })).toEqual([false, 'running', 'Vercel · shop-web is being updated to v15', null]);
  });

  test('leaves what nobody can prove in grey', () => {
    const github = integration({
      provider: 'github',
      name: 'acme/shop',
      state: 'unverified',
      can_redeploy: false,
      targets: [target('actions', { state: 'unverified' })],
    });
    expect(runbookItem(github, 15)).toEqual({
      isOpen: false,
      kind: 'not-readable',
      title: 'GitHub · acme/shop was sent v15',
      text: 'Secrets cannot be read back, so that it holds v15 is not proven · the next workflow run uses it',
      act: null,
      at: AT,
    });
  });
});

describe('the columns of a rotation', () => {
  const rotation = (state: RotationWire['state'], version = 15) => ({ state, to_version: version }) as RotationWire;
  const columns = (state: RotationWire['state'], all: IntegrationWire[], current = 15) =>
    integrationColumns(rotation(state), all, current).map((column) => `${column.id} ${column.state}${column.note && `: ${column.note}`}`);
  const two = [target('production'), target('preview', { state: 'unverified' })];

  test('wait until it is completed, and are skipped where it failed', () => {
    expect(columns('applying', [integration({ targets: two })], 14)).toEqual(['pushed waiting: 2 targets', 'deployed waiting']);
    expect(columns('failed', [integration()], 14)).toEqual(['pushed skipped: not reached', 'deployed skipped']);
    expect(columns('completed', [])).toEqual([]);
  });

  test('tell how far it has got', () => {
    expect(columns('completed', [integration({ sync: SYNC, targets: [target('production'), target('preview', { state: 'pending', version: 14 })] })])).toEqual([
      'pushed now: 1 of 2',
      'deployed person: 0 of 1 started',
    ]);
    expect(columns('completed', [integration({ targets: two, redeployment: begun('started') })])).toEqual([
      'pushed done: 2 of 2',
      'deployed done: 1 of 1 started',
    ]);
    expect(columns('completed', [integration({ targets: [target('production'), failed('preview')] })])[0]).toBe('pushed failed: 1 of 2');
    expect(columns('completed', [integration({ targets: [target('production', { state: 'drifted' })] })])[0]).toBe('pushed person: drifted');
  });

  test('are gone once a later rotation has made them old, and there is none for deployments that nobody can begin', () => {
    expect(columns('completed', [integration()], 16)).toEqual([]);
    expect(columns('completed', [integration({ can_redeploy: false })])).toEqual(['pushed done: 1 of 1']);
  });
});
