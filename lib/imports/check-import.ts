import pLimit, { type LimitFunction } from 'p-limit';
import type { CheckedRowWire, CheckImportBody, ImportCheckWire } from '#lib/contract/import.ts';
import { CHECKED_LOGINS_MAX } from '#lib/contract/import-file.ts';
import type { Context } from '#lib/kernel/context.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import type { Target } from '#lib/projects/read-target.ts';
import { type JudgedRow, judgeRows, serverKeyOf } from './judge-rows.ts';
import { readImportFile } from './read-file.ts';
import { shownUrl } from './read-row.ts';
import { tryLogin } from './try-login.ts';

/** Logins at once: to one server, and to all of them. */
export const PER_SERVER = 4;
export const IN_ALL = 16;

const shown = ({ row, target }: Pick<JudgedRow, 'row' | 'target'>) => ({
  url: target && shownUrl(row.url),
  pooled_url: target?.pooled ? shownUrl(row.pooled_url) : null,
});

function toWire(judged: JudgedRow): CheckedRowWire {
  const { line, name, tags, policy, verdict, reasons, project } = judged;
  return { line, name, ...shown(judged), tags, policy, verdict, reasons, project, login: null };
}

/** Servers that did not answer in this request, by their key, with the line that found it out. */
type Unavailable = Map<string, { line: number; text: string }>;

async function withLogin(context: Context, row: CheckedRowWire, target: Target, unavailable: Unavailable): Promise<CheckedRowWire> {
  const fail = (field: 'url' | 'pooled_url' | 'row', text: string): CheckedRowWire => ({ ...row, verdict: 'will_not_work', reasons: [{ field, text }] });
  const server = serverKeyOf(target.direct);
  const earlier = unavailable.get(server);
  if (earlier) return fail('url', `${earlier.text} Line ${earlier.line} found that out; this login was not tried.`);
  const trial = await tryLogin(context.organizationId, target);
  switch (trial.result) {
    case 'accepted':
      return { ...row, login: trial.note };
    case 'unavailable':
      if (trial.fault.field === 'url') unavailable.set(server, { line: row.line, text: trial.fault.text });
      return fail(trial.fault.field === 'pooled_url' ? 'pooled_url' : 'url', trial.fault.text);
    case 'failed':
      return fail(trial.fault.field === 'pooled_url' ? 'pooled_url' : 'url', trial.fault.text);
    case 'limited':
      return fail('row', `Three logins of this account were rejected. Nothing was sent; check it again in ${Math.ceil(trial.retryAfterSeconds / 60)} minutes.`);
  }
}

async function withLogins(context: Context, judged: JudgedRow[]): Promise<CheckedRowWire[]> {
  const inAll = pLimit(IN_ALL);
  const perServer = new Map<string, LimitFunction>();
  const unavailable: Unavailable = new Map();
  return Promise.all(
    judged.map((one) => {
      const { target, verdict } = one;
      const row = toWire(one);
      if (!target || verdict !== 'new') return row;
      const key = serverKeyOf(target.direct);
      const limit = perServer.get(key) ?? pLimit(PER_SERVER);
      perServer.set(key, limit);
      return limit(() => inAll(() => withLogin(context, row, target, unavailable)));
    }),
  );
}

/**
 * The dry run of an import: a verdict for each row, and where `check_logins` asks for it a login with each that is ready.
 * Stores nothing, and changes nothing on any server.
 * @throws {DomainError} validation_failed naming the line that makes the file unreadable
 */
export async function checkImport(context: Context, { check_logins: checksLogins, ...file }: CheckImportBody): Promise<ImportCheckWire> {
  const { columns, rows: given } = readImportFile(file);
  if (checksLogins && given.length > CHECKED_LOGINS_MAX)
    throw invalidField('check_logins', `Send ${CHECKED_LOGINS_MAX} rows at most to check their logins. Leave check_logins out to check the rows alone.`);
  const judged = await judgeRows(context, given);
  const rows = checksLogins ? await withLogins(context, judged) : judged.map(toWire);
  const counts = { new: 0, already_here: 0, will_not_work: 0 };
  for (const { verdict } of rows) counts[verdict] += 1;
  return { columns, total: rows.length, counts, rows };
}
