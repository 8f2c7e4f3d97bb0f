import { expect, test } from 'vitest';
import { type IntegrationWire, shadowedNames, winningTargets } from '#lib/contract/integration.ts';
import { connectDefaults, presetOf, toConnectBody, toggleTarget, toUpdateBody, variablesOf } from './integration-values.ts';

const places = [{ external_id: 'prj_1', account_id: 'team_1', name: 'shop' }];
const list = {
  places,
  targets: [],
  default_targets: [],
  preview_targets: [],
  own_targets: [],
  inherited: [],
  default_variables: variablesOf('urls'),
  redeploy_by: [],
};

test('a provider is sent what belongs to it alone', () => {
  const values = { ...connectDefaults('vercel', list), deploy_hook_url: 'https://api.vercel.com/hook', workflow: 'deploy.yml', ref: 'main' };
  expect(toConnectBody('vercel', 'token', values, list)).toEqual({
    provider: 'vercel',
    token: 'token',
    external_id: 'prj_1',
    account_id: 'team_1',
    targets: ['production'],
    variables: variablesOf('urls'),
    redeploy: 'manual',
    deploy_hook_url: 'https://api.vercel.com/hook',
  });
  expect(toConnectBody('github', 'token', values, list)).toMatchObject({ provider: 'github', external_id: 'prj_1', workflow: 'deploy.yml', ref: 'main' });
  expect(toConnectBody('netlify', 'token', values, list)).not.toHaveProperty('workflow');
});

test('where there is one place it is chosen, and where there are many a person chooses', () => {
  expect(connectDefaults('vercel', list).place).toBe('prj_1');
  expect(connectDefaults('vercel', { ...list, places: [...places, ...places] }).place).toBe('');
});

test('presets are known by what they hold', () => {
  expect(presetOf(variablesOf('pg'))).toBe('pg');
  expect(presetOf([{ name: 'MY_URL', value: 'direct_url' }])).toBeNull();
});

test('all contexts stand alone', () => {
  expect(toggleTarget(['production'], 'all', true)).toEqual(['all']);
  expect(toggleTarget(['all'], 'production', true)).toEqual(['production']);
  expect(toggleTarget(['production', 'dev'], 'dev', false)).toEqual(['production']);
});

test('only what differs is changed, so that nothing is synced without need', () => {
  const integration = {
    config: {
      variables: variablesOf('urls'),
      targets: ['production', 'preview'],
      preview_branches: true,
      redeploy: 'manual',
      has_deploy_hook: true,
      workflow: 'deploy.yml',
      ref: null,
    },
  } as IntegrationWire;
  const same = {
    targets: ['preview', 'production'],
    variables: variablesOf('urls'),
    redeploy: 'manual',
    deploy_hook_url: '',
    workflow: 'deploy.yml',
    ref: '',
  } as const;
  expect(toUpdateBody(integration, { ...same, targets: [...same.targets] })).toEqual({});
  expect(toUpdateBody(integration, { ...same, targets: ['production'], redeploy: 'automatic', workflow: '' })).toEqual({
    targets: ['production'],
    redeploy: 'automatic',
    workflow: null,
  });
});

test('a branch or environment that holds the same names wins there, unless it is chosen too', () => {
  const own = [
    { target: 'environment:production', variables: ['DATABASE_URL', 'OTHER'], over: ['actions'] },
    { target: 'environment:staging', variables: ['OTHER'], over: ['actions'] },
  ];
  const names = variablesOf('urls').map(({ name }) => name);
  expect(winningTargets(own, ['actions'], names)).toEqual([{ target: 'environment:production', names: ['DATABASE_URL'] }]);
  expect(winningTargets(own, ['actions', 'environment:production'], names)).toEqual([]);
  expect(winningTargets(own, ['actions'], ['other'])).toHaveLength(2);
  // Where nothing wider is written, nothing of Rekey's is lost.
  expect(winningTargets(own, ['environment:staging'], names)).toEqual([]);
  expect(shadowedNames([{ from: 'organization', variables: ['database_url', 'X'] }], names)).toEqual([{ from: 'organization', names: ['DATABASE_URL'] }]);
  expect(shadowedNames([{ from: 'organization', variables: ['X'] }], names)).toEqual([]);
});
