import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readAddress, readKeyText } from './address.ts';
import { CommandFailure, EXIT } from './exit-codes.ts';

const schema = z.object({
  url: z.url(),
  key: z.string().min(1),
  project: z.string().optional(),
  /** Certificates, in PEM, that this server's certificate may be signed by; those of Node.js count too. */
  ca: z.string().optional(),
});
export type Settings = z.infer<typeof schema>;

/** Where `rekey login` keeps what it was told (XDG Base Directory Specification). */
export const settingsFile = (): string => join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'rekey/settings.json');

let caOption: string | undefined;

/** Keeps the file given as `--ca` for this run. */
export const setCaFile = (file: string): void => {
  caOption = file;
};

/** The certificates of `--ca` or REKEY_CA; undefined where neither is given. */
export function readCa(): string | undefined {
  const file = caOption ?? (process.env.REKEY_CA || undefined);
  if (file === undefined) return undefined;
  const name = caOption === undefined ? 'REKEY_CA' : '--ca';
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${name}: cannot read ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new CommandFailure(EXIT.usage, `${name}: ${file} contains no certificate in PEM format.`);
  return pem;
}

/** True where the environment names a proxy, in either spelling. */
export const hasProxy = (): boolean => ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => Boolean(process.env[name]));

function readSaved(): Settings | null {
  try {
    return schema.parse(JSON.parse(readFileSync(settingsFile(), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CommandFailure(EXIT.usage, `Cannot read ${settingsFile()}. Remove it and run \`rekey login\` again.`);
  }
}

/** The address and key of the environment; null where neither is set. One alone never completes the other from the saved settings: a key goes only to its own server. */
function readEnvironment(): Settings | null {
  const { REKEY_URL, REKEY_API_KEY } = process.env;
  if (!REKEY_URL && !REKEY_API_KEY) return null;
  if (REKEY_URL && REKEY_API_KEY) return { url: readAddress(REKEY_URL, 'REKEY_URL'), key: readKeyText(REKEY_API_KEY, 'REKEY_API_KEY') };
  const [given, missing] = REKEY_URL ? ['REKEY_URL', 'REKEY_API_KEY'] : ['REKEY_API_KEY', 'REKEY_URL'];
  throw new CommandFailure(EXIT.usage, `${given} is set, but ${missing} is not. Set both, or unset ${given} to use the saved login. Nothing was sent.`);
}

/** The address, key and project of one source: the environment if it is set, else what `login` saved. REKEY_PROJECT and `--ca` override either. */
export function readSettings(): Settings {
  const found = readEnvironment() ?? readSaved();
  if (found === null) throw new CommandFailure(EXIT.notAllowed, 'Not logged in. Run `rekey login URL`, or set REKEY_URL and REKEY_API_KEY.');
  return { ...found, project: process.env.REKEY_PROJECT || found.project, ca: readCa() ?? found.ca };
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
