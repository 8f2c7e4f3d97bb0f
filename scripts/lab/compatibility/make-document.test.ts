import { expect, it } from 'vitest';
import { FILE_ROWS } from './file-rows.ts';
import { makeDocument } from './make-document.ts';
import { MYSQL_ROWS } from './mysql-rows.ts';
import { POSTGRES_ROWS } from './postgres-rows.ts';

const ROWS = [...POSTGRES_ROWS, ...MYSQL_ROWS];

it('docs/compatibility.md says what the rows show', async () => {
  await expect(makeDocument(ROWS, FILE_ROWS)).toMatchFileSnapshot('../../../docs/compatibility.md');
});

it('names every kind once', () => {
  expect(new Set(FILE_ROWS.map(({ kind }) => kind)).size).toBe(FILE_ROWS.length);
  expect(new Set(ROWS.map(({ engine, kind }) => `${engine} ${kind}`)).size).toBe(ROWS.length);
});
