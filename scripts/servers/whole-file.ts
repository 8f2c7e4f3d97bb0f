import { chownSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface FileOptions {
  mode?: number;
  uid?: number | undefined;
  gid?: number | undefined;
}

/** Makes what a folder lists last through a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes a file so that a kill or a power cut at any moment leaves the former one or the whole new one. */
export function writeWhole(path: string, content: string, { mode = 0o600, uid, gid }: FileOptions = {}): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const file = openSync(draft, 'wx', mode);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (uid !== undefined && gid !== undefined) chownSync(draft, uid, gid);
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** The text of a file; undefined where there is none, or an empty one that a cut-off start of an earlier version left. */
export const readWhole = (path: string): string | undefined => (existsSync(path) && readFileSync(path, 'utf8').trim()) || undefined;
