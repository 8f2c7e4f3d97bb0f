import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WpConfigError } from './failures.ts';

const LIMIT_BYTES = 1_048_576;
/** One name for all tries, so that a crash leaves one at most; of PHP, so that a web server does not show it as text. */
const DRAFT_NAME = '.wp-config.rekey.php';

export interface ConfigFile {
  path: string;
  bytes: Buffer;
  stats: Stats;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What the system said, in our words; anything unforeseen as it is. */
function fileError(error: unknown): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new WpConfigError('wp_config_missing');
    case 'ELOOP':
      return new WpConfigError('wp_config_not_a_file');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOSPC':
    case 'EDQUOT':
      return new WpConfigError('wp_config_read_only');
    default:
      return error;
  }
}

async function withHandle<T>(path: string, flags: number, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, flags, 0o600);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** Reads a plain file of at most 1 MB. Throws WpConfigError. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    // Asked first: opening a pipe would wait for its other end.
    if (!(await lstat(path)).isFile()) throw new WpConfigError('wp_config_not_a_file');
    return await withHandle(path, constants.O_RDONLY | constants.O_NOFOLLOW, async (handle) => {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new WpConfigError('wp_config_not_a_file');
      if (stats.size > LIMIT_BYTES) throw new WpConfigError('wp_config_too_large');
      return { path, bytes: await handle.readFile(), stats };
    });
  } catch (error) {
    throw fileError(error);
  }
}

/** A new file beside the old one, with its owner and permissions. Answers its path. */
async function writeDraft({ path, stats }: ConfigFile, bytes: Buffer): Promise<string> {
  const draft = join(dirname(path), DRAFT_NAME);
  await rm(draft, { force: true });
  try {
    await withHandle(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, async (handle) => {
      await handle.writeFile(bytes);
      const own = await handle.stat();
      if (own.uid !== stats.uid || own.gid !== stats.gid) await handle.chown(stats.uid, stats.gid);
      await handle.chmod(stats.mode & 0o7777);
      await handle.sync();
    });
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return draft;
}

/** Proves that the file could be replaced now, changing nothing. Throws WpConfigError. */
export async function proveReplaceable(file: ConfigFile): Promise<void> {
  try {
    // Root may write any file: one without a single write bit is meant to stay as it is.
    if ((file.stats.mode & 0o222) === 0) throw new WpConfigError('wp_config_read_only');
    await access(file.path, constants.W_OK);
    await rm(await writeDraft(file, Buffer.alloc(0)));
  } catch (error) {
    throw fileError(error);
  }
}

/** Replaces the file in one step: whoever reads it sees the old one or the new one, whole. Throws WpConfigError. */
export async function replaceConfigFile(file: ConfigFile, bytes: Buffer): Promise<void> {
  const { path, stats } = file;
  try {
    const draft = await writeDraft(file, bytes);
    const now = await lstat(path);
    if (now.ino !== stats.ino || now.size !== stats.size || now.mtimeMs !== stats.mtimeMs) {
      await rm(draft, { force: true });
      throw new WpConfigError('wp_config_changed');
    }
    await rename(draft, path);
    await withHandle(dirname(path), constants.O_RDONLY, (folder) => folder.sync());
  } catch (error) {
    throw fileError(error);
  }
}
