import { expect, it } from 'vitest';
import type { FileRow } from '#lib/contract/import-file.ts';
import { readRow } from './read-row.ts';

const url = 'postgresql://app:secret@db.example.com:5432/shop';
const row = (cells: Partial<FileRow>): FileRow => ({ line: 2, name: 'shop', url, pooled_url: '', tags: '', policy: '', fault: null, ...cells });

it('reads a row with a pooled URL and tags', () => {
  const pooled_url = 'postgresql://app:secret@pool.example.com:6432/shop';
  const read = readRow(row({ pooled_url, tags: 'team=shop; region = eu,' }));
  expect(read).toMatchObject({ name: 'shop', tags: { team: 'shop', region: 'eu' }, faults: [], target: { direct: { user: 'app' }, pooled: { port: 6432 } } });
});

it.each<[string, Partial<FileRow>, string, string]>([
  ['no name', { name: '' }, 'name', 'Give the project a name.'],
  ['a URL for a name', { name: url }, 'name', 'This is a URL.'],
  ['a formula for a name', { name: '=1+1' }, 'name', 'is a formula in a spreadsheet'],
  ['a name that is too long', { name: 'x'.repeat(81) }, 'name', '80 characters at most'],
  ['a control character', { name: 'a\u0007b' }, 'name', 'control characters'],
  ['no URL', { url: '' }, 'url', 'Give the connection URL.'],
  ['a URL that is too long', { url: `${url}?${'x'.repeat(4096)}` }, 'url', '4096 characters at most'],
  ['another scheme', { url: 'oracle://app:secret@db/shop' }, 'url', 'begins with postgresql:// or mysql://'],
  ['no password', { url: 'postgresql://app@db/shop' }, 'url', 'Add the password'],
  ['no database', { url: 'postgresql://app:secret@db' }, 'url', 'Add the name of the database'],
  ['a raw @ in the password', { url: 'postgresql://app:secret/@x@db/shop' }, 'url', 'Percent-encode'],
  ['another password in the pooled URL', { pooled_url: url.replace('secret', 'other').replace('5432', '6432') }, 'pooled_url', 'The password differs'],
  ['the direct address as the pooled one', { pooled_url: url }, 'pooled_url', 'This is the direct address'],
  ['a tag without a key', { tags: 'shop' }, 'tags', 'Write tags as team=shop'],
  ['a tag whose key has capitals', { tags: 'Team=shop' }, 'tags', 'Write tags as team=shop'],
  ['a tag twice', { tags: 'team=a;team=b' }, 'tags', 'Give each tag once.'],
  ['a formula in a tag', { tags: 'team==1+1' }, 'tags', 'Write tags as team=shop'],
])('names %s, and quotes nothing', (_, cells, field, text) => {
  const { faults, ...read } = readRow(row(cells));
  expect(faults).toMatchObject([{ field, text: expect.stringContaining(text) }]);
  expect(JSON.stringify([faults, read.name])).not.toContain('secret');
});
