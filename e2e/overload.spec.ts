// In small what `npm run overload` does in full, without its times: those depend on the machine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKS, type AttackName } from '#scripts/lab/overload/attacks.ts';
import { measureAttack } from '#scripts/lab/overload/measure.ts';
import { commandLine, livePid } from '#scripts/servers/process-identity.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(180_000);

const SIZE = { bodyBytes: 30 * 1_048_576, headerBytes: 1_048_576, connections: 600, holdMs: 1_500 };
const HONEST = [
  { path: '/api/health', status: 200 },
  { path: '/signin', status: 200 },
];

function webServerPid(): number {
  const dataDir = readFileSync('test-results/e2e-data-dir', 'utf8');
  const identities: string[] = JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8'));
  return identities.map((identity) => livePid(identity) ?? 0).find((pid) => commandLine(pid).includes('scripts/web.ts')) ?? 0;
}

for (const name of Object.keys(ATTACKS) as AttackName[]) {
  test(`${name}: refused or closed, in little memory, and others are served`, async ({ baseURL }) => {
    const { endings, grownMb, wrong, times } = await measureAttack(new URL(baseURL ?? ''), webServerPid(), name, SIZE, HONEST);
    expect(wrong).toEqual([]);
    expect(times.length).toBeGreaterThan(0);
    expect(grownMb).toBeLessThan(50);
    // Nothing that is too large is ever taken; what is only slow is held by a few connections until its time is over.
    if (/^(bodies|headers)/.test(name)) expect(Object.keys(endings).filter((ending) => !/^(4\d\d|closed)$/.test(ending))).toEqual([]);
    if (/^slow/.test(name)) expect(endings.held ?? 0).toBeLessThanOrEqual(256);
  });
}
