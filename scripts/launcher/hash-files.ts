import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One hash over names and contents of the files that match, tests left out. */
export function hashFiles(patterns: string[], cwd: string): string {
  const hash = createHash('sha256');
  const files = globSync(patterns, { cwd, withFileTypes: true, exclude: (entry) => /\.test\.tsx?$/.test(entry.name) });
  const paths = files.filter((entry) => entry.isFile()).map((entry) => relative(cwd, join(entry.parentPath, entry.name)));
  for (const path of paths.sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(cwd, path)))
      .update('\0');
  return hash.digest('hex');
}
