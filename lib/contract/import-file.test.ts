import { describe, expect, it } from 'vitest';
import { decodeImportFile, formatOf, ImportFileError, splitImportFile, toJsonLines } from './import-file.ts';

const url = 'postgresql://app:secret@db.example.com:5432/shop';
const csv = (...lines: string[]) => splitImportFile('csv', lines.join('\n')).rows;
const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof ImportFileError) return error.message;
    throw error;
  }
  throw new Error('it was read');
};

describe('a CSV file', () => {
  it('may have a byte order mark, CRLF, empty lines, quotes and columns in any order', () => {
    const rows = splitImportFile('csv', `\uFEFFURL,name,tags\r\n${url},"Shop, EU","team=shop,region=eu"\r\n\r\n${url},"say ""hi""",\r\n`).rows;
    expect(rows).toEqual([
      { line: 2, name: 'Shop, EU', url, pooled_url: '', tags: 'team=shop,region=eu', policy: '', fault: null },
      { line: 4, name: 'say "hi"', url, pooled_url: '', tags: '', policy: '', fault: null },
    ]);
  });

  it('may separate its cells by semicolons or tabs', () => {
    for (const mark of [';', '\t']) expect(csv(`name${mark}url`, `a${mark}${url}`)).toMatchObject([{ name: 'a', url }]);
  });

  it('names the line of each row that cannot be read, and reads the others', () => {
    const rows = csv('name,url', `a,${url}`, `"open,${url}`, `b,${url},more`, `c"d,${url}`, `e,\uFFFD${url}`, `f,${'x'.repeat(17_000)}`, `g,${url}`);
    expect(rows.map(({ line, name, fault }) => [line, name, fault?.field])).toEqual([
      [2, 'a', undefined],
      [3, '', 'row'],
      [4, '', 'row'],
      [5, '', 'row'],
      [6, '', 'row'],
      [7, '', 'row'],
      [8, 'g', undefined],
    ]);
    expect(JSON.stringify(rows.filter(({ fault }) => fault))).not.toContain('secret');
  });

  it.each([
    ['a column that is not known', `name,url,database_url\na,${url},x`, 'Line 1 has “database_url”'],
    ['a column that is missing', `name,link\na,${url}`, 'Line 1 has “link”'],
    ['no URL', 'name,tags\na,x=y', 'Line 1 has no column url'],
    ['a column twice', `name,url,url\na,${url},${url}`, 'Line 1 has the column url twice'],
    ['no header', `shop,${url}`, 'Line 1 has “shop”'],
    ['no rows', 'name,url\n\n', 'The file has no rows'],
    ['nothing', ' \n', 'The file is empty'],
    ['too many rows', `name,url\n${`a,${url}\n`.repeat(10_001)}`, 'The file has 10001 rows; one import takes 10000 at most'],
  ])('with %s is refused as a whole', (_, content, text) => {
    const message = messageOf(() => splitImportFile('csv', content));
    expect(message).toContain(text);
    expect(message).not.toContain('secret');
  });
});

describe('JSON Lines', () => {
  it('keep the lines of another file, and take tags as an object', () => {
    const { rows } = splitImportFile(
      'jsonl',
      `{"line": 14, "name": "a", "url": "${url}", "tags": {"team": "shop", "region": "eu"}}\n\n{"name": "b", "url": "${url}"}`,
    );
    expect(rows).toMatchObject([
      { line: 14, tags: 'team=shop; region=eu', fault: null },
      { line: 3, name: 'b', tags: '', fault: null },
    ]);
    expect(splitImportFile('jsonl', toJsonLines(rows)).rows).toEqual(rows);
  });

  it.each([
    ['{"name": "a"', 'row', 'not valid JSON'],
    ['"a"', 'row', 'one JSON object'],
    [`{"name": "a", "connection": "${url}"}`, 'row', '“connection”'],
    [`{"${url}": "a"}`, 'row', 'a name that is no column'],
    ['{"name": 5}', 'name', 'Give a text'],
    ['{"tags": {"team": 5}}', 'tags', 'an object of texts'],
    ['{"line": "x"}', 'row', 'the number of a line'],
  ])('name what is wrong with %s', (line, field, text) => {
    const [row] = splitImportFile('jsonl', line).rows;
    expect(row?.fault).toMatchObject({ field, text: expect.stringContaining(text) });
    expect(row?.fault?.text).not.toContain('secret');
  });

  it('are refused as a whole where they are a list, or number a line twice', () => {
    expect(messageOf(() => splitImportFile('jsonl', '[{"name": "a"}]'))).toContain('This is a JSON list');
    expect(messageOf(() => splitImportFile('jsonl', '{"line": 2}\n{"line": 2}'))).toContain('Two rows say that they are line 2');
  });
});

describe('the bytes of a file', () => {
  it('are UTF-8, or UTF-16 with a byte order mark', () => {
    expect(decodeImportFile(new TextEncoder().encode('name,url\nä,b'))).toBe('name,url\nä,b');
    expect(decodeImportFile(Buffer.from('\uFEFFname,url', 'utf16le'))).toBe('name,url');
  });

  it('in another encoding are refused with the line', () => {
    expect(messageOf(() => decodeImportFile(Buffer.from('name,url\na,b\nM\xfcller,c', 'latin1')))).toContain('Line 3');
  });

  it('have the format that the name says', () => {
    expect(['a.csv', 'a.jsonl', 'a.NDJSON', 'a'].map(formatOf)).toEqual(['csv', 'jsonl', 'jsonl', 'csv']);
  });
});
