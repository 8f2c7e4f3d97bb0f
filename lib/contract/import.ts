import { z } from 'zod';
import { ENGINE_NAMES } from '#lib/contract/engines/engines.ts';
import { id, nextCursor, time } from './common.ts';
import { IMPORT_COLUMNS } from './import-file.ts';

/** A file with rows to import. A request with one may have 4 MB; 10,000 rows in all. */
const file = {
  /** CSV with a header (name, url, pooled_url, tags, policy), or one JSON object of these on each line; `line` says of which line of another file it was. */
  format: z.enum(['csv', 'jsonl']),
  content: z.string().min(1, 'Send the content of the file.').max(4_194_304),
};

export const checkImportBody = z.strictObject({
  ...file,
  /** Also logs in with each row that is ready: of at most 50 rows in one request. */
  check_logins: z.boolean().default(false),
});
export type CheckImportBody = z.infer<typeof checkImportBody>;

export const startImportBody = z.strictObject({
  ...file,
  /** What the list of imports shows, such as the file's name. */
  name: z.string().trim().min(1, 'Give the import a name.').max(120).optional(),
});
export type StartImportBody = z.infer<typeof startImportBody>;

export const importReason = z.object({
  /** The column it is about; `row`: the row as a whole. */
  field: z.enum([...IMPORT_COLUMNS, 'row']),
  text: z.string(),
});

const namedProject = z.object({ id, name: z.string() });

const row = {
  line: z.number().int(),
  /** Null where the row gives none that can be shown. */
  name: z.string().nullable(),
  /** Without the password; null where the URL cannot be read. */
  url: z.string().nullable(),
  pooled_url: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  policy: z.object({ id, name: z.string() }).nullable(),
  reasons: z.array(importReason),
};

export const checkedRow = z.object({
  ...row,
  verdict: z.enum(['new', 'already_here', 'will_not_work']),
  /** The project that has the same server and login. */
  project: namedProject.nullable(),
  /** What a login with the row found; null where none was made. */
  login: z.string().nullable(),
});
export type CheckedRowWire = z.infer<typeof checkedRow>;

const verdictCounts = z.object({ new: z.number().int(), already_here: z.number().int(), will_not_work: z.number().int() });
export const importCheck = z.object({ columns: z.array(z.enum(IMPORT_COLUMNS)), total: z.number().int(), counts: verdictCounts, rows: z.array(checkedRow) });
export type ImportCheckWire = z.infer<typeof importCheck>;
export const importCheckAnswer = z.object({ import_check: importCheck });

export const rowState = z.enum(['pending', 'imported', 'already_here', 'failed', 'canceled']);

const importJob = z.object({
  id,
  organization_id: id,
  name: z.string(),
  /** `completed`: each row has landed or says why not. */
  state: z.enum(['running', 'completed', 'canceled']),
  total: z.number().int(),
  counts: z.object({
    pending: z.number().int(),
    imported: z.number().int(),
    already_here: z.number().int(),
    failed: z.number().int(),
    canceled: z.number().int(),
  }),
  requested_by: z.string(),
  created_at: time,
  finished_at: time.nullable(),
});
export type ImportWire = z.infer<typeof importJob>;
export const importAnswer = z.object({ import: importJob });
export const importList = z.object({ imports: z.array(importJob), next_cursor: nextCursor });
export type ImportListWire = z.infer<typeof importList>;

const importedRow = z.object({ ...row, state: rowState, project: namedProject.nullable() });
export type ImportedRowWire = z.infer<typeof importedRow>;
export const importedRowList = z.object({ rows: z.array(importedRow), next_cursor: nextCursor });
export type ImportedRowListWire = z.infer<typeof importedRowList>;

export const importParams = z.object({ importId: id });
/** Pages in the order of the lines; `cursor` is the `next_cursor` of the page before. */
export const importedRowQuery = z.object({
  state: rowState.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
});
export type ImportedRowQuery = z.infer<typeof importedRowQuery>;

export const importServerList = z.object({
  /** Servers whose rotator can list their accounts. */
  servers: z.array(
    z.object({
      id,
      engine: z.enum(ENGINE_NAMES),
      version: z.string().nullable(),
      host: z.string(),
      port: z.number().int(),
      rotator_name: z.string(),
    }),
  ),
});
export type ImportServerListWire = z.infer<typeof importServerList>;

const account = z.object({
  name: z.string(),
  /** A database that it may connect to; null where there is none. */
  database: z.string().nullable(),
  /** Open sessions by application and address; `since`: the oldest of them began. */
  sessions: z.array(z.object({ application: z.string(), address: z.string(), count: z.number().int(), since: time.nullable() })),
  verdict: z.enum(['take_over', 'already_here', 'will_not_work']),
  reason: z.string().nullable(),
  project: namedProject.nullable(),
});
export type AccountWire = z.infer<typeof account>;
export const accountList = z.object({ accounts: z.array(account) });
export type AccountListWire = z.infer<typeof accountList>;

export const importServerParams = z.object({ serverId: id });
export const takeOverBody = z.strictObject({
  /** Names of logins, as the list of accounts has them. */
  accounts: z
    .array(z.string().min(1).max(200))
    .min(1, 'Name one account or more.')
    .max(50)
    .refine((names) => new Set(names).size === names.length, 'Name each account once.'),
  /** Rotates them from then on. */
  policy_id: id.optional(),
  /** `take over 3` for three accounts: clients with the old passwords lose access, and these cannot be restored. */
  confirm: z.string().max(40),
});
export type TakeOverBody = z.infer<typeof takeOverBody>;
/** `job_id`: the first rotation. An account that another request adopted meanwhile is left out. */
export const takeOverAnswer = z.object({ taken: z.array(z.object({ account: z.string(), project: namedProject, job_id: id })) });
export type TakeOverWire = z.infer<typeof takeOverAnswer>;
