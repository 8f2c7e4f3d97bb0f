// Whatever is sealed must be wrapped anew with the rest: a column that is forgotten would be lost with the key.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SEALED_COLUMNS } from './sealed-columns.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Columns of the schema that are named for being sealed: `table.column`. */
function sealedInSchema(): string[] {
  const models = read('prisma/schema.prisma').matchAll(/^model (\w+) \{\n(.*?)^\}/gms);
  return [...models].flatMap(([, model, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? model;
    return [...body.matchAll(/^ {2}(\w*[sS]ealed)\s+String.*$/gm)].map(([line, name]) => `${table}.${/@map\("(\w+)"\)/.exec(line)?.[1] ?? name}`);
  });
}

it('are all that the schema has', () => {
  const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
  expect([...known, 'encryption_keys.sealed'].sort()).toEqual(sealedInSchema().sort());
});

it('belong to all that seals, whatever its column is called', () => {
  const sealing = globSync('lib/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts') && /import \{[^}]*\bseal\b[^}]*\} from '(#lib\/crypto|\.)\/envelope\.ts'/.test(read(file)),
  );
  const contexts = [...read('lib/encryption/sealed-columns.ts').matchAll(/'#(lib\/.*)'/g)].map(([, file]) => file);
  expect(sealing.filter((file) => file !== 'lib/crypto/check-keys.ts').sort()).toEqual(contexts.filter((file) => file !== 'lib/crypto/envelope.ts').sort());
});
