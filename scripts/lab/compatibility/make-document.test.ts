import { expect, it } from 'vitest';
import { makeDocument } from './make-document.ts';
import { POSTGRES_ROWS } from './postgres-rows.ts';

it('docs/compatibility.md says what the rows show', async () => {
  await expect(makeDocument(POSTGRES_ROWS)).toMatchFileSnapshot('../../../docs/compatibility.md');
});

it('names every kind once', () => {
  expect(new Set(POSTGRES_ROWS.map(({ kind }) => kind)).size).toBe(POSTGRES_ROWS.length);
});
