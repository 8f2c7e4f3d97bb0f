import { expect, test } from 'vitest';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { nextStep } from './next-step.ts';

const rotation = (change: Partial<RotationWire> = {}) =>
  ({ kind: 'rotate', state: 'completed', from_version: 1, to_version: 2, keeps: [], is_old_retired: true, ...change }) as RotationWire;
const project = (change: Partial<ProjectWire> = {}) => ({ credential: { version: 2 }, site: null, ...change }) as ProjectWire;

test('leads to the new URL where nobody is written down', () => {
  expect(nextStep(rotation(), project())).toEqual({
    title: 'Give v2 to what uses this URL',
    text: 'No integration and no manual consumer is written down, so Rekey updated nothing. Whatever still has v1 can no longer log in.',
    site: null,
  });
  expect(nextStep(rotation({ keeps: [1], is_old_retired: false }), project())?.text).toContain('v1 still works until it ends.');
});

test('leads to the deployment of an environment, and to the site of a development database', () => {
  const site = { id: 'sit_1', name: 'bakery.example.com', environment: 'Production' };
  expect(nextStep(rotation(), project({ site }))).toMatchObject({ title: 'Deploy Production', site: 'sit_1' });
  expect(nextStep(rotation(), project({ site: { ...site, environment: null } }))).toMatchObject({ site: 'sit_1' });
});

test('says nothing of a rotation that is not completed, or that a later one has overtaken', () => {
  expect(nextStep(rotation({ state: 'failed' }), project())).toBe(null);
  expect(nextStep(rotation({ kind: 'retire' }), project())).toBe(null);
  expect(nextStep(rotation(), project({ credential: { version: 3 } } as Partial<ProjectWire>))).toBe(null);
});
