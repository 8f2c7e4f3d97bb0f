import { parse } from 'csv-parse/browser/esm/sync';

export const IMPORT_COLUMNS = ['name', 'url', 'pooled_url', 'tags', 'policy'] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** Rows of one file. */
export const IMPORT_ROWS_MAX = 10_000;
/** Rows whose logins one dry run tries. */
export const CHECKED_LOGINS_MAX = 50;
/** Of one line, in characters: two URLs of 4,096, and the rest. */
const LINE_MAX_LENGTH = 16_384;

export type ImportFormat = 'csv' | 'jsonl';

/** What is wrong with a row, by column; `row` where no column is to blame. */
export interface RowFault {
  field: ImportColumn | 'row';
  text: string;
}

/** A row as the file has it. Its texts may hold passwords: they are shown and stored nowhere as they are. */
export interface FileRow {
  /** Of the file, counted from 1. */
  line: number;
  name: string;
  url: string;
  pooled_url: string;
  /** As written, such as `team=shop; region=eu`. */
  tags: string;
  /** The name of a policy. */
  policy: string;
  /** Set where the row cannot be read; its cells are empty then. */
  fault: RowFault | null;
}

/** The file cannot be read as a whole. The message names the line and what to do, and quotes nothing that may be a secret. */
export class ImportFileError extends Error {}

const EXPECTED = `Name the columns in the first line: ${IMPORT_COLUMNS.join(', ')}. Only name and url are required.`;

/** Whether a column's name may be quoted: where a file has no header, its first line holds URLs. */
const isPlainName = (text: string): boolean => /^[\p{L}_][\p{L}\d _.-]{0,39}$/u.test(text);

const isColumn = (name: string): name is ImportColumn => IMPORT_COLUMNS.some((column) => column === name);

const emptyRow = (line: number, fault: RowFault | null = null): FileRow => ({ line, name: '', url: '', pooled_url: '', tags: '', policy: '', fault });

function unknownColumns(names: string[]): string {
  const plain = names.filter(isPlainName);
  return plain.length > 0 ? `${plain.map((name) => `“${name}”`).join(', ')}` : 'a name that is no column';
}

/** Cells of one line. Each line is read alone, so a quote that is not closed spoils only its own row. */
function cellsOf(line: string, delimiter: string): string[] | null {
  // Without a quote there is nothing to parse, and 10,000 lines hold nobody up.
  if (!line.includes('"')) return line.split(delimiter);
  try {
    return (parse(line, { delimiter, relax_column_count: true }) as string[][])[0] ?? [];
  } catch {
    return null;
  }
}

function readHeader(line: string, delimiter: string): ImportColumn[] {
  const names = cellsOf(line, delimiter)?.map((cell) => cell.trim().toLowerCase()) ?? [];
  const unknown = names.filter((name) => !isColumn(name));
  if (unknown.length > 0) throw new ImportFileError(`Line 1 has ${unknownColumns(unknown)}, which Rekey does not know. ${EXPECTED}`);
  const missing = (['name', 'url'] as const).filter((name) => !names.includes(name));
  if (missing.length > 0) throw new ImportFileError(`Line 1 has no column ${missing.join(' and no column ')}. ${EXPECTED}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new ImportFileError(`Line 1 has the column ${twice} twice. Remove one.`);
  return names as ImportColumn[];
}

function readCsvLine(line: number, text: string, delimiter: string, columns: ImportColumn[]): FileRow {
  const cells = cellsOf(text, delimiter);
  if (!cells)
    return emptyRow(line, {
      field: 'row',
      text: 'The quotes do not match. Put a cell with a comma or a quote in double quotes, write a quote inside as two, and keep a row on one line.',
    });
  if (cells.length !== columns.length)
    return emptyRow(line, {
      field: 'row',
      text: `This row has ${cells.length} cells; the header has ${columns.length}. Put a cell that contains a comma in double quotes.`,
    });
  return { ...emptyRow(line), ...Object.fromEntries(columns.map((column, index) => [column, cells[index]?.trim() ?? ''])) };
}

const DELIMITERS = [',', ';', '\t'] as const;

function splitCsv(lines: string[]): { columns: ImportColumn[]; rows: FileRow[] } {
  const [first = ''] = lines;
  const delimiter = DELIMITERS.find((one) => first.includes(one)) ?? ',';
  const columns = readHeader(first, delimiter);
  const rows = readLines(lines, 1, (line, text) => readCsvLine(line, text, delimiter, columns));
  return { columns, rows };
}

/** Tags of a JSON object as a cell has them. */
const tagsText = (tags: unknown): string | null => {
  if (tags === undefined || tags === null) return '';
  if (typeof tags === 'string') return tags;
  if (typeof tags !== 'object' || Array.isArray(tags)) return null;
  const pairs = Object.entries(tags);
  return pairs.every(([, value]) => typeof value === 'string') ? pairs.map(([key, value]) => `${key}=${value}`).join('; ') : null;
};

function readJsonLine(at: number, text: string): FileRow {
  const fail = (field: RowFault['field'], why: string, line = at) => emptyRow(line, { field, text: why });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('row', 'This line is not valid JSON. Write one object on each line, such as {"name": "shop", "url": "postgresql://..."}.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('row', 'Write one JSON object on each line.');
  const { line = at, tags, ...cells } = value as Record<string, unknown>;
  if (typeof line !== 'number' || !Number.isInteger(line) || line < 1 || line > 2_147_483_647) return fail('row', 'line: Give the number of a line.');
  const unknown = Object.keys(cells).filter((name) => !isColumn(name));
  if (unknown.length > 0) return fail('row', `This row has ${unknownColumns(unknown)}. Use ${IMPORT_COLUMNS.join(', ')}.`, line);
  const wrong = IMPORT_COLUMNS.find((column) => typeof (cells[column] ?? '') !== 'string');
  if (wrong) return fail(wrong, 'Give a text.', line);
  const written = tagsText(tags);
  if (written === null) return fail('tags', 'Give an object of texts, such as {"team": "shop"}.', line);
  const trimmed = Object.fromEntries(Object.entries(cells as Record<string, string | null>).map(([column, cell]) => [column, cell?.trim() ?? '']));
  return { ...emptyRow(line), ...trimmed, tags: written };
}

/** The rows from the line at `first` on, but for empty lines. A line that is too long, or is not what was written, is not read. */
const readLines = (lines: string[], first: number, read: (line: number, text: string) => FileRow): FileRow[] =>
  lines.flatMap((text, index) => {
    const line = index + 1;
    if (index < first || text.trim() === '') return [];
    if (text.length > LINE_MAX_LENGTH) return emptyRow(line, { field: 'row', text: `This line is longer than ${LINE_MAX_LENGTH} characters.` });
    if (text.includes('\uFFFD')) return emptyRow(line, { field: 'row', text: 'This line has characters that are not UTF-8. Save the file as UTF-8.' });
    return read(line, text);
  });

function firstRepeated(numbers: number[]): number | undefined {
  const seen = new Set<number>();
  return numbers.find((one) => seen.size === seen.add(one).size);
}

/**
 * Splits a file into its rows; empty lines are left out. What is wrong with one row is its `fault`, and the others are read.
 * @throws {ImportFileError} where the file as a whole cannot be read
 */
export function splitImportFile(format: ImportFormat, content: string): { columns: ImportColumn[]; rows: FileRow[] } {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const filled = lines.filter((line) => line.trim() !== '');
  const [first] = filled;
  if (first === undefined) throw new ImportFileError(`The file is empty. ${format === 'csv' ? EXPECTED : 'Write one JSON object on each line.'}`);
  if (format === 'jsonl' && first.trim().startsWith('['))
    throw new ImportFileError('This is a JSON list. Write one object on each line, without brackets and commas around them.');
  const count = format === 'csv' ? filled.length - 1 : filled.length;
  if (count > IMPORT_ROWS_MAX) throw new ImportFileError(`The file has ${count} rows; one import takes ${IMPORT_ROWS_MAX} at most. Split the file.`);
  const { columns, rows } = format === 'csv' ? splitCsv(lines) : { columns: [...IMPORT_COLUMNS], rows: readLines(lines, 0, readJsonLine) };
  if (rows.length === 0) throw new ImportFileError('The file has no rows.');
  const lineTwice = firstRepeated(rows.map(({ line }) => line));
  if (lineTwice !== undefined) throw new ImportFileError(`Two rows say that they are line ${lineTwice}. Number each row once, or leave line out.`);
  return { columns, rows };
}

/**
 * The text of a file's bytes: UTF-8, or UTF-16 where a byte order mark says so.
 * @throws {ImportFileError} naming the first line that is neither
 */
export function decodeImportFile(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const before = new TextDecoder().decode(bytes).split('\uFFFD')[0] ?? '';
    throw new ImportFileError(`Line ${before.split(/\r\n|\n|\r/).length} has characters that are not UTF-8. Save the file as UTF-8, then choose it again.`);
  }
}

/** The format that a file's name says; CSV where it says none. */
export const formatOf = (fileName: string): ImportFormat => (/\.(?:jsonl|ndjson|json)$/i.test(fileName) ? 'jsonl' : 'csv');

/** Rows as JSON Lines that keep the lines of their file. */
export const toJsonLines = (rows: readonly Omit<FileRow, 'fault'>[]): string =>
  rows.map(({ line, name, url, pooled_url, tags, policy }) => JSON.stringify({ line, name, url, pooled_url, tags, policy })).join('\n');
