// Each rule of import-rules.ts, and each of the linter's about imports and names, is broken once here, and obeyed once.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRoomCycles, RULES, readImports } from './import-rules.ts';

/** A file, what it imports, and the rule that forbids it. */
const REFUSED = [
  ['components/projects/a.tsx', '#lib/projects/create-project.ts', 'screens-know-the-contract'],
  ['components/projects/b.tsx', '#lib/kernel/db.ts', 'screens-know-the-contract'],
  ['components/projects/c.tsx', '#generated/prisma/client.ts', 'screens-know-the-contract'],
  ['components/projects/d.tsx', 'node:fs', 'screens-run-in-the-browser'],
  ['components/projects/f.tsx', '#app/page.tsx', 'screens-know-the-contract'],
  ['app/api/v1/projects/route.ts', '#lib/kernel/db.ts', 'entrances-call-verbs'],
  ['app/api/v1/me/route.ts', '#generated/prisma/client.ts', 'entrances-call-verbs'],
  ['app/page.tsx', '#lib/engines/registry.ts', 'entrances-call-verbs'],
  ['workers/jobs.ts', '#lib/engines/postgres.ts', 'entrances-call-verbs'],
  ['workers/main.ts', '@prisma/client', 'entrances-call-verbs'],
  ['lib/projects/a.ts', '#lib/engines/registry.ts', 'rotation-reaches-engines'],
  ['lib/projects/b.ts', '#lib/engines/postgres/probe.ts', 'rotation-reaches-engines'],
  ['lib/projects/c.ts', '#components/ui/button.tsx', 'lib-knows-no-screens'],
  ['lib/projects/e.ts', '#app/api/v1/projects/route.ts', 'lib-knows-no-screens'],
  ['lib/checks/a.ts', 'react', 'lib-knows-no-screens'],
  ['lib/contract/a.ts', '#lib/kernel/env.ts', 'contract-is-pure'],
  ['lib/rotation/a.ts', '#lib/engines/postgres/probe.ts', 'no-engine-by-name'],
  ['lib/engines/a.ts', '#lib/kernel/db.ts', 'engines-know-no-store'],
  ['lib/engines/postgres/b.ts', '#lib/rotation/advance.ts', 'engines-know-no-store'],
  ['lib/engines/postgres/c.ts', '#generated/prisma/client.ts', 'engines-know-no-store'],
  ['app/b.tsx', '#lib/integrations/registry.ts', 'integrations-reach-providers'],
  ['workers/b.ts', '#lib/integrations/vercel/adapter.ts', 'integrations-reach-providers'],
  ['lib/projects/f.ts', '#lib/integrations/registry.ts', 'integrations-reach-providers'],
  ['lib/projects/g.ts', '#lib/integrations/github/client.ts', 'integrations-reach-providers'],
  ['lib/rotation/b.ts', '#lib/integrations/registry.ts', 'integrations-reach-providers'],
  ['lib/integrations/vercel/a.ts', '#lib/kernel/db.ts', 'adapters-know-their-interface'],
  ['lib/integrations/vercel/b.ts', '#lib/integrations/netlify/client.ts', 'adapters-do-not-know-each-other'],
  ['lib/http/a.ts', '#components/ui/button.tsx', 'the-door-knows-no-screens'],
  ['cli/a.ts', '#lib/projects/create-project.ts', 'command-line-is-a-client'],
  ['cli/b.ts', '#components/ui/button.tsx', 'command-line-is-a-client'],
  ['lib/audit/nowhere.ts', '#lib/audit/missing.ts', 'imports-resolve'],
  ['lib/members/one.ts', '#lib/secrets/two.ts', 'no-file-cycles'],
] as const;

const ALLOWED = [
  ['components/projects/ok.tsx', '#lib/contract/project.ts'],
  ['components/projects/ok-client.tsx', '#lib/contract/api-client.ts'],
  ['components/projects/ok-ui.tsx', '#components/ui/button.tsx'],
  ['app/ok.tsx', '#lib/projects/create-project.ts'],
  ['workers/ok.ts', '#lib/rotation/advance.ts'],
  ['lib/projects/ok.ts', '#lib/kernel/db.ts'],
  ['lib/projects/ok-type.ts', '#lib/engines/engine.ts'],
  ['lib/rotation/ok.ts', '#lib/engines/registry.ts'],
  ['lib/engines/postgres/ok.ts', '#lib/crypto/secret.ts'],
  ['lib/engines/postgres/ok-errors.ts', '#lib/engines/engine.ts'],
  ['lib/integrations/ok.ts', '#lib/integrations/registry.ts'],
  ['lib/rotation/ok-sync.ts', '#lib/integrations/integration.ts'],
  ['lib/integrations/vercel/ok.ts', '#lib/integrations/integration.ts'],
  ['lib/integrations/vercel/ok-env.ts', '#lib/kernel/env.ts'],
  ['lib/http/ok.ts', 'next'],
  ['cli/ok.ts', '#components/ui/sentence.ts'],
] as const;

/** What the packages of the rules are resolved to. */
const PACKAGES = ['@prisma/client', 'react', 'next'];

/** `file rule` of everything the linter found, and `file import rule` of everything in import-rules.ts that was broken. */
let found: string[];
let broken: string[];
let cycles: string[];
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-lint-'));
  const { vcs: _vcs, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  };
  write('biome.json', JSON.stringify(config));
  const { imports } = JSON.parse(readFileSync('package.json', 'utf8')) as { imports: Record<string, string> };
  write('package.json', JSON.stringify({ name: 'rekey', type: 'module', imports }));
  for (const name of PACKAGES) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  const imported = [...REFUSED, ...ALLOWED].map(([, from]) => from).filter((from) => from.startsWith('#') && !from.includes('missing'));
  for (const from of imported) write(from.slice(1), 'export type x = string;\n');
  // An import of a type alone, which the compiler drops.
  for (const [file, from] of [...REFUSED, ...ALLOWED]) write(file, `import type { x } from '${from}';\n\nexport type y = x;\n`);
  write('lib/secrets/two.ts', "import type { y } from '#lib/members/one.ts';\n\nexport type x = y;\n");
  const { modules, summary } = await readImports(dir, ['app', 'cli', 'components', 'lib', 'workers']);
  broken = summary.violations.map(({ from, rule }) => `${from} ${rule.name}`);
  cycles = findRoomCycles(modules, 'lib');
  write('lib/audit/up.ts', "import { x } from '../db.ts';\n\nx();\n");
  write('lib/audit/BadName.ts', 'export const x = process.env.HOME;\n');
  write('lib/audit/one.ts', "import { two } from './two.ts';\n\nexport const one = () => two;\n");
  write('lib/audit/two.ts', "import { one } from './one.ts';\n\nexport const two = () => one;\n");
  write('lib/audit/index.ts', "export { one } from './one.ts';\n");
  write('lib/audit/floating.ts', 'const later = async () => 1;\n\nlater();\n');
  write('lib/audit/partial.ts', "export function f(kind: 'a' | 'b') {\n  switch (kind) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n");
  const biome = join(process.cwd(), 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none'], { cwd: dir, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] };
  found = diagnostics.map(({ category, location }) => `${location.path} ${category.split('/').at(-1)}`);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each(REFUSED)('%s may not import %s', (file, _from, rule) => {
  expect(broken).toContain(`${file} ${rule}`);
});

test.each(ALLOWED)('%s may import %s', (file) => {
  expect(broken.filter((one) => one.startsWith(`${file} `))).toEqual([]);
});

test('breaks each rule', () => {
  expect(new Set(REFUSED.map(([, , rule]) => rule))).toEqual(new Set(RULES.map(({ name }) => name)));
});

test('finds folders that import each other in a circle', () => {
  expect(cycles).toContainEqual(expect.stringContaining('members'));
  expect(cycles.find((cycle) => cycle.includes('members'))).toContain('secrets');
});

test.each([
  ['BadName.ts', 'useFilenamingConvention'],
  ['BadName.ts', 'noProcessEnv'],
  ['up.ts', 'noRestrictedImports'],
  ['one.ts', 'noImportCycles'],
  ['index.ts', 'noBarrelFile'],
  ['floating.ts', 'noFloatingPromises'],
  ['partial.ts', 'useExhaustiveSwitchCases'],
])('in %s the linter finds %s', (file, rule) => {
  expect(found).toContain(`lib/audit/${file} ${rule}`);
});
