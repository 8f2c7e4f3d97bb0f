import type { FileRow, ImportColumn, RowFault } from '#lib/contract/import-file.ts';
import { createProjectBody, tags as tagsSchema } from '#lib/contract/project.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { templateOf } from '#lib/logins/url-template.ts';
import { readTarget, type Target } from '#lib/projects/read-target.ts';
import type { RowUrls } from './seal-row.ts';

/** What a row says, as far as it can be read. */
export interface ReadRow {
  line: number;
  /** Null where the row gives none that can be shown. */
  name: string | null;
  tags: Record<string, string>;
  /** Null where a URL cannot be read. */
  target: Target | null;
  faults: RowFault[];
}

/** A spreadsheet runs such a cell as a formula, if the row is ever exported into one. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);
const hasControls = (text: string): boolean => /\p{Cc}/u.test(text);

function nameFault(name: string): string | null {
  // The columns may be in another order, so this text may contain a password and is not quoted.
  if (/:\/\//.test(name)) return 'This is a URL. Put it in the column url, and a name here.';
  if (isFormula(name)) return 'A name that begins with =, +, - or @ is a formula in a spreadsheet. Begin it with a letter or a digit.';
  if (hasControls(name)) return 'Leave out control characters.';
  const parsed = createProjectBody.shape.name.safeParse(name);
  if (parsed.success) return null;
  return name === '' ? 'Give the project a name.' : 'Use 80 characters at most.';
}

const TAGS_FORM = 'Write tags as team=shop; region=eu: the key in lower case, then = and a value.';

function readTags(cell: string): Record<string, string> | string {
  const pairs = cell
    .split(/[;,]/)
    .map((pair) => pair.trim())
    .filter(Boolean);
  const tags: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [key, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || isFormula(value) || hasControls(value) || /:\/\//.test(value)) return TAGS_FORM;
    if (Object.hasOwn(tags, key)) return 'Give each tag once.';
    tags[key] = value;
  }
  return tagsSchema.safeParse(tags).data ?? TAGS_FORM;
}

const COLUMN_OF: Record<string, ImportColumn> = { connection_url: 'url', pooled_connection_url: 'pooled_url', ssl_mode: 'url' };

/**
 * The target that the URLs of a row name.
 * @throws {DomainError} validation_failed
 */
export const targetOfRow = ({ url, pooledUrl }: RowUrls): Target =>
  readTarget({ connection_url: url, ...(pooledUrl !== '' && { pooled_connection_url: pooledUrl }) });

function readUrls(row: FileRow): { target: Target } | { faults: RowFault[] } {
  const tooLong = (['url', 'pooled_url'] as const).find((field) => row[field].length > 4096);
  if (tooLong) return { faults: [{ field: tooLong, text: 'Use 4096 characters at most.' }] };
  if (row.url === '') return { faults: [{ field: 'url', text: 'Give the connection URL.' }] };
  try {
    return { target: targetOfRow({ url: row.url, pooledUrl: row.pooled_url }) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const fields = Object.entries(error.extras.fields ?? { connection_url: [error.message] });
    return { faults: fields.flatMap(([field, texts]) => texts.map((text) => ({ field: COLUMN_OF[field] ?? 'row', text }))) };
  }
}

/** Reads a row of a file. Its faults name the column and the fix, and quote nothing of the row. */
export function readRow(row: FileRow): ReadRow {
  if (row.fault) return { line: row.line, name: null, tags: {}, target: null, faults: [row.fault] };
  const name = nameFault(row.name);
  const tags = readTags(row.tags);
  const urls = readUrls(row);
  const faults: RowFault[] = [
    ...(name === null ? [] : [{ field: 'name' as const, text: name }]),
    ...('faults' in urls ? urls.faults : []),
    ...(typeof tags === 'string' ? [{ field: 'tags' as const, text: tags }] : []),
  ];
  return {
    line: row.line,
    name: name === null ? row.name : null,
    tags: typeof tags === 'string' ? {} : tags,
    target: 'target' in urls ? urls.target : null,
    faults,
  };
}

/** A URL that has been read, without its password. */
export const shownUrl = (url: string): string => templateOf(url.trim());
