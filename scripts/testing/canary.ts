// Looks for secrets where none may be, in every form in which they could have got there.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** A text that must hold no secret, and what it is. */
export interface Place {
  name: string;
  text: string;
}

export interface Finding {
  /** The name of the secret, not the secret. */
  secret: string;
  form: string;
  place: string;
  /** What stands before it, to find the one who wrote it. */
  before: string;
}

const percent = (bytes: Buffer): string => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** The part of a base64 text that shows the secret wherever in a longer text it began: at each of three alignments. */
function base64Cores(bytes: Buffer, encoding: 'base64' | 'base64url'): [string, string][] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString(encoding);
    return [`${encoding}+${shift}`, text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))];
  });
}

/** Every way a secret may be written down, each once. */
function formsOf(secret: string): { form: string; text: string; ignoresCase: boolean }[] {
  const bytes = Buffer.from(secret);
  const exact: [string, string][] = [
    ['raw', secret],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['SQL', secret.replaceAll("'", "''")],
    ...base64Cores(bytes, 'base64'),
    ...base64Cores(bytes, 'base64url'),
  ];
  const loose: [string, string][] = [
    ['percent-encoded', encodeURIComponent(secret)],
    ['form-encoded', new URLSearchParams({ s: secret }).toString().slice(2)],
    ['URL password', Object.assign(new URL('http://a:b@c'), { password: secret }).password],
    ['percent-encoded whole', percent(bytes)],
    ['hex', bytes.toString('hex')],
  ];
  const forms = [
    ...exact.map(([form, text]) => ({ form, text, ignoresCase: false })),
    // Only what was changed by the encoding is compared loosely: a password differs from another by case alone.
    ...loose.map(([form, text]) => ({ form, text, ignoresCase: text !== secret })),
  ];
  return forms.filter((one, i) => forms.findIndex(({ text }) => text === one.text) === i);
}

/** Everything found of the secrets, by name, in the places. Secrets of fewer than 8 characters would be found everywhere: refused. */
export function findSecrets(secrets: Record<string, string>, places: Place[]): Finding[] {
  const short = Object.keys(secrets).filter((name) => (secrets[name] ?? '').length < 8);
  if (short.length > 0) throw new RangeError(`too short to look for: ${short.join(', ')}`);
  const findings: Finding[] = [];
  for (const { name: place, text } of places) {
    const lower = text.toLowerCase();
    for (const [secret, value] of Object.entries(secrets)) {
      for (const { form, text: wanted, ignoresCase } of formsOf(value)) {
        const at = ignoresCase ? lower.indexOf(wanted.toLowerCase()) : text.indexOf(wanted);
        if (at >= 0) findings.push({ secret, form, place, before: text.slice(Math.max(0, at - 60), at) });
      }
    }
  }
  return findings;
}

/** Every row of every table of a database as text, those of the queue too; one place a table. */
export async function readTables(url: string): Promise<Place[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const places: Place[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
      places.push({ name: `table ${name}`, text: rows.map(({ row }) => row).join('\n') });
    }
    return places;
  } finally {
    await client.end();
  }
}

/** What every user of the machine sees of the running processes: their command lines. */
export function readCommandLines(): Place {
  return { name: 'command lines', text: execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }) };
}

/** The environment of a process and of all it started, where the system shows it. */
export function readEnvironments(pid: number): Place[] {
  if (!existsSync('/proc/self/environ')) return [];
  const parents = new Map(readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? [[Number(entry), parentOf(Number(entry))]] : [])));
  const descends = (child: number): boolean => child === pid || (parents.has(child) && descends(parents.get(child) ?? 0));
  return [...parents.keys()].filter(descends).map((child) => ({ name: `environment of ${child}`, text: readQuietly(`/proc/${child}/environ`) }));
}

/** The fourth field of its `stat`, after the name in parentheses. */
const parentOf = (pid: number): number => Number(/\) \S+ (\d+)/.exec(readQuietly(`/proc/${pid}/stat`))?.[1] ?? 0);

/** A process may end while it is looked at. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
