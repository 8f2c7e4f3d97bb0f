import { expect, test } from 'vitest';
import { findSwitches } from './check-switches.ts';

test.each([
  ["export const a = (engine: string) => engine === 'mysql';", 1],
  ["export const a = (engine: string) => 'postgresql' !== engine;", 1],
  ["export const a = (provider: string) => (provider == 'vercel' ? 1 : 2);", 1],
  ["export const a = (kind: string) => kind === ('github' as string);", 1],
  ['export const a = (kind: string) => kind === `netlify`;', 1],
  ["export function a(engine: string) {\n  switch (engine) {\n    case 'mysql':\n      return 1;\n    default:\n      return 2;\n  }\n}", 3],
  ["export const a = (engine: string) => ['mysql', 'mariadb'].includes(engine);", 1],
  ["export const a = (engine: string) => new Set(['mysql']).has(engine);", 1],
  ["export const a = (scheme: string) => scheme.startsWith('postgres');", 1],
  ["const x = 1;\nexport const a = sql`SELECT 1 FROM integrations i WHERE i.provider <> 'github'`;", 2],
  ["export const a = sql`SELECT 1 FROM servers WHERE engine::text IN ('mysql')`;", 1],
])('finds the switch in %s', (source, line) => {
  expect(findSwitches('lib/projects/a.ts', source)).toEqual([line]);
});

test('finds it in a component', () => {
  expect(findSwitches('components/a.tsx', "export const A = ({ provider }: P) => provider === 'vercel' && <b>x</b>;")).toEqual([1]);
});

test.each([
  'export const a = { postgresql: 1, mysql: 2 } satisfies Record<EngineName, number>;',
  'export const a = ENGINES[engine].keepsTwoPasswords;',
  "export const a = (state: string) => state === 'failed';",
  "export const a = [k('  adapter'), s('postgresql')];",
  "export const route = { provider: 'github', token };",
])('lets %s be', (source) => {
  expect(findSwitches('lib/projects/a.ts', source)).toEqual([]);
});
