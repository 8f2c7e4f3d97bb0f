import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CommandFailure, EXIT } from './exit-codes.ts';

const schema = z.object({ url: z.url(), key: z.string().min(1), project: z.string().optional() });
export type Settings = z.infer<typeof schema>;

/** Where `rekey login` keeps what it was told (XDG Base Directory Specification). */
export const settingsFile = (): string => join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'rekey/settings.json');

function readSaved(): Partial<Settings> {
  try {
    return schema.parse(JSON.parse(readFileSync(settingsFile(), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new CommandFailure(EXIT.usage, `${settingsFile()} cannot be read. Remove it and run \`rekey login\` again.`);
  }
}

/** The saved settings, with REKEY_URL, REKEY_API_KEY and REKEY_PROJECT before them. */
export function readSettings(): Settings {
  const { REKEY_URL, REKEY_API_KEY, REKEY_PROJECT } = process.env;
  const saved = readSaved();
  const parsed = schema.safeParse({ url: REKEY_URL || saved.url, key: REKEY_API_KEY || saved.key, project: REKEY_PROJECT || saved.project });
  if (parsed.success) return parsed.data;
  throw new CommandFailure(EXIT.notAllowed, 'Nobody is logged in. Run `rekey login`, or set REKEY_URL and REKEY_API_KEY.');
}

/** Saves for the next commands, readable by this user alone. */
export function saveSettings(settings: Settings): void {
  const file = settingsFile();
  const half = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(half, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  chmodSync(half, 0o600);
  renameSync(half, file);
}

export const forgetSettings = (): void => rmSync(settingsFile(), { force: true });
