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
