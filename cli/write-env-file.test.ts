import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { writeEnvFile } from './write-env-file.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'rekey-env-')), '.env');
});
const URL = 'postgresql://u:p%24@h/d';

it('makes a file that only its owner may read', () => {
  writeEnvFile(file, { DATABASE_URL: URL });
  expect(readFileSync(file, 'utf8')).toBe(`DATABASE_URL="${URL}"\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('changes only the lines it is given, and drops a second one of the same name', () => {
  writeFileSync(file, '# keep\nA=1\nexport DATABASE_URL=old\nB="x y"\nDATABASE_URL=older\nC=3', { mode: 0o644 });
  writeEnvFile(file, { DATABASE_URL: URL, NEW: 'n' });
  expect(readFileSync(file, 'utf8')).toBe(`# keep\nA=1\nDATABASE_URL="${URL}"\nB="x y"\nC=3\nNEW="n"\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('writes a name with a $ so that no reader takes it for a variable', () => {
  writeEnvFile(file, { DATABASE_URL: 'postgresql://u:p@h/$HOME' });
  expect(parseEnv(readFileSync(file, 'utf8')).DATABASE_URL).toBe('postgresql://u:p@h/%24HOME');
});

it('writes through a link', () => {
  const link = `${file}.link`;
  writeFileSync(file, 'A=1\n');
  symlinkSync(file, link);
  writeEnvFile(link, { B: '2' });
  expect(readFileSync(file, 'utf8')).toBe('A=1\nB="2"\n');
});
