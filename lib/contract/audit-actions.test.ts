import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AUDIT_ACTIONS, outcomeOf } from './audit-actions.ts';

it.each(AUDIT_ACTIONS)('%s has an outcome that its name agrees with', (action) => {
  const expected = /refused$/.test(action)
    ? action === 'project.connection_refused'
      ? 'failed'
      : 'refused'
    : /(failed|broken|disabled|missed|backed_off|stopped)$/.test(action)
      ? 'failed'
      : 'done';
  // Turned off by a member, which is what they wanted.
  if (action === 'second_factor.disabled') expect(outcomeOf(action)).toBe('done');
  // Somebody has to find out what is true.
  else if (/needs_attention$|drifted$/.test(action)) expect(outcomeOf(action)).toBe('unknown');
  else expect(outcomeOf(action)).toBe(expected);
});

it('every action is read back by a test that causes it', () => {
  const lists = globSync('{app,lib,workers}/**/*.int.test.ts').flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^itRecords\(([^;]*)\);/gm)]);
  const recorded = new Set(lists.flatMap(([list]) => [...list.matchAll(/'([a-z_]+\.[a-z_]+)/g)].map(([, action]) => action)));
  expect(AUDIT_ACTIONS.filter((action) => !recorded.has(action))).toEqual([]);
});
