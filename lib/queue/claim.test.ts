import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLAIM_KINDS } from './claim.ts';

const read = (path: string) => readFileSync(path, 'utf8');

it('knows every table whose rows workers claim', () => {
  const models = read('prisma/schema.prisma')
    .split(/^model /m)
    .slice(1);
  // A job shows who claimed the work that it is the public face of.
  const claimed = models.filter((model) => model.includes('@map("claimed_by")') && !model.startsWith('Job '));
  const tables = claimed.map((model) => /@@map\("(\w+)"\)/.exec(model)?.[1]);
  expect(new Set(Object.values(CLAIM_KINDS).map(({ table }) => table))).toEqual(new Set(tables));
});

it('is the one place that takes a claim', () => {
  const sources = globSync('{lib,workers}/**/*.ts').filter((path) => !path.includes('.test.') && path !== 'lib/queue/claim.ts');
  const own = sources.filter((path) => /fence"? *= *[\w.]*fence"? *\+|claimed_by"?,? .*INSERT|INSERT INTO work_claims/.test(read(path)));
  // A person ends a rotation: the next fence is taken without an attempt.
  expect(own.sort()).toEqual(['lib/rotation/machine/live-rotation.ts', 'lib/rotation/request/cancel-rotation.ts']);
});
