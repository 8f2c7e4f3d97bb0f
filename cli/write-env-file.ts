import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';

function readOrEmpty(file: string): { path: string; text: string } {
  try {
    // Through a link, so that the link itself is not replaced.
    const path = realpathSync(file);
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path: file, text: '' };
    throw error;
  }
}

const quote = (value: string): string => `"${value.replaceAll('$', '%24')}"`;

/** Sets variables in a .env file in one step; all other lines and their order stay. Values are URLs: `$` is percent-encoded, nothing else needs quoting. */
export function writeEnvFile(file: string, values: Record<string, string>): void {
  const { path, text } = readOrEmpty(file);
  const rest = new Map(Object.entries(values));
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const kept = lines.flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? '';
    const value = values[name];
    if (value === undefined) return [line];
    // A second line of the same name would win over ours.
    return rest.delete(name) ? [`${name}=${quote(value)}`] : [];
  });
  const added = [...rest].map(([name, value]) => `${name}=${quote(value)}`);
  const half = `${path}.${process.pid}`;
  try {
    writeFileSync(half, `${[...kept, ...added].join('\n')}\n`, { mode: 0o600 });
    chmodSync(half, 0o600);
    renameSync(half, path);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
}
