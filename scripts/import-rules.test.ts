// The rules of who may import whom stand in biome.json; here each is broken once, and obeyed once.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const REFUSED = [
  ['components/projects/a.tsx', '#lib/projects/create-project.ts'],
  ['components/projects/b.tsx', '#lib/db.ts'],
  ['components/projects/c.tsx', '#generated/prisma/client.ts'],
  ['components/projects/d.tsx', 'node:fs'],
  ['components/projects/e.tsx', '../ui/button.tsx'],
  ['components/projects/f.tsx', '#app/page.tsx'],
  ['app/api/v1/projects/route.ts', '#lib/db.ts'],
  ['app/api/v1/me/route.ts', '#generated/prisma/client.ts'],
  ['app/page.tsx', '#lib/engines/registry.ts'],
  ['workers/handlers.ts', '#lib/engines/postgres.ts'],
  ['workers/main.ts', '@prisma/client'],
  ['lib/projects/a.ts', '#lib/engines/registry.ts'],
  ['lib/projects/b.ts', '#lib/engines/postgres/probe.ts'],
  ['lib/projects/c.ts', '#components/ui/button.tsx'],
  ['lib/projects/d.ts', '../db.ts'],
  ['lib/projects/e.ts', '#app/api/v1/projects/route.ts'],
  ['lib/connections/a.ts', 'react'],
  ['lib/rotation/a.ts', '#lib/engines/postgres/probe.ts'],
  ['lib/engines/a.ts', '#lib/db.ts'],
  ['lib/engines/postgres/b.ts', '#lib/rotation/advance.ts'],
  ['lib/engines/postgres/c.ts', '#generated/prisma/client.ts'],
  ['app/b.tsx', '#lib/integrations/registry.ts'],
  ['workers/b.ts', '#lib/integrations/vercel/adapter.ts'],
  ['lib/projects/f.ts', '#lib/integrations/registry.ts'],
  ['lib/projects/g.ts', '#lib/integrations/github/client.ts'],
  ['lib/rotation/b.ts', '#lib/integrations/registry.ts'],
  ['lib/integrations/vercel/a.ts', '#lib/db.ts'],
  ['lib/integrations/vercel/b.ts', '#lib/integrations/netlify/client.ts'],
] as const;

const ALLOWED = [
  ['components/projects/ok.tsx', '#lib/http/wire/project.ts'],
  ['components/projects/ok-client.tsx', '#lib/http/api-client.ts'],
  ['components/projects/ok-ui.tsx', '#components/ui/button.tsx'],
  ['app/ok.tsx', '#lib/projects/create-project.ts'],
  ['workers/ok.ts', '#lib/rotation/advance.ts'],
  ['lib/projects/ok.ts', '#lib/db.ts'],
  ['lib/projects/ok-type.ts', '#lib/engines/engine.ts'],
  ['lib/rotation/ok.ts', '#lib/engines/registry.ts'],
  ['lib/engines/postgres/ok.ts', '#lib/crypto/secret.ts'],
  ['lib/engines/postgres/ok-errors.ts', '#lib/engines/engine.ts'],
  ['lib/integrations/ok.ts', './registry.ts'],
  ['lib/rotation/ok-sync.ts', '#lib/integrations/integration.ts'],
  ['lib/integrations/vercel/ok.ts', '#lib/integrations/integration.ts'],
  ['lib/integrations/vercel/ok-env.ts', '#lib/env.ts'],
] as const;

/** `file rule` of everything found. */
let found: string[];
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-lint-'));
  const { vcs: _vcs, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  };
  write('biome.json', JSON.stringify(config));
  for (const [file, from] of [...REFUSED, ...ALLOWED]) write(file, `import { x } from '${from}';\n\nx();\n`);
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

test.each(REFUSED)('%s may not import %s', (file) => {
  expect(found).toContain(`${file} noRestrictedImports`);
});

test.each(ALLOWED)('%s may import %s', (file) => {
  expect(found).not.toContain(`${file} noRestrictedImports`);
});

test.each([
  ['BadName.ts', 'useFilenamingConvention'],
  ['BadName.ts', 'noProcessEnv'],
  ['one.ts', 'noImportCycles'],
  ['index.ts', 'noBarrelFile'],
  ['floating.ts', 'noFloatingPromises'],
  ['partial.ts', 'useExhaustiveSwitchCases'],
])('in %s the linter finds %s', (file, rule) => {
  expect(found).toContain(`lib/audit/${file} ${rule}`);
});
