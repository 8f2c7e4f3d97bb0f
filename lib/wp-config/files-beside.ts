import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const MOST_FILES = 200;
const LIMIT_BYTES = 1_048_576;

/** The names of other files in the folder of `path` that hold a password: backups, drafts, a second configuration. What cannot be read is left out. */
export async function findFilesBeside(path: string, password: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const found: string[] = [];
  for (const name of names.slice(0, MOST_FILES)) {
    if (name !== basename(path) && (await holds(join(dirname(path), name), password))) found.push(name);
  }
  return found.sort();
}

async function holds(path: string, password: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size <= LIMIT_BYTES && (await readFile(path)).includes(password);
  } catch {
    return false;
  }
}
