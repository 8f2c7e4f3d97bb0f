// `npm run attack` in small: every placement of a rogue server, by the methods that tell it the most, at one address.
import { expect, it } from 'vitest';
import { root } from '#scripts/run-tool.ts';
import { report, runAttack } from './run.ts';

it('brings no password to a rogue server, changes nothing of others, and leaves their rotations working', { timeout: 600_000 }, async () => {
  const result = await runAttack({ checkout: root, isSmall: true, only: '', say: () => {} });
  expect(result.findings, report(result)).toEqual([]);
  // Where nothing was dialed nothing was tried.
  const dialed = result.outcomes.filter(({ dials }) => dials > 0).map(({ placement }) => placement);
  expect(dialed).toEqual(expect.arrayContaining(['direct', 'pooled', 'redirected']));
});
