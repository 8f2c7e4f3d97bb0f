import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants, existsSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WpConfigError, type WpConfigFailure } from '#lib/contract/wp-config-failures.ts';
import { isEnvFile } from './env-file.ts';
import { readPassword, withPassword } from './find-password.ts';
import { isMounted } from './mounts.ts';

const LIMIT_BYTES = 1_048_576;
/** More than a new password adds to a file. */
const ROOM_BYTES = 4_096;

export interface ConfigFile {
  path: string;
  bytes: Buffer;
  stats: Stats;
}

/** By the system's codes (errno(3)). */
const FAILURES: Record<string, WpConfigFailure> = {
  ENOENT: 'wp_config_missing',
  ENOTDIR: 'wp_config_missing',
  ELOOP: 'wp_config_not_a_file',
  EISDIR: 'wp_config_not_a_file',
  EACCES: 'wp_config_read_only',
  // Of a file that may be written by its mode.
  EPERM: 'wp_config_immutable',
  EROFS: 'wp_config_read_only_disk',
  ENOSPC: 'wp_config_disk_full',
  EDQUOT: 'wp_config_quota',
  EBUSY: 'wp_config_busy',
  ETXTBSY: 'wp_config_busy',
  EXDEV: 'wp_config_busy',
  EIO: 'wp_config_disk_error',
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What the system said, in our words; anything unforeseen as it is. */
function fileError(error: unknown): unknown {
  const code = error instanceof WpConfigError ? undefined : FAILURES[codeOf(error)];
  return code ? new WpConfigError(code) : error;
}

async function withHandle<T>(path: string, flags: number, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, flags | constants.O_NOFOLLOW, 0o600);
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
    return await withHandle(path, constants.O_RDONLY, async (handle) => {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new WpConfigError('wp_config_not_a_file');
      if (stats.size > LIMIT_BYTES) throw new WpConfigError('wp_config_too_large');
      return { path, bytes: await handle.readFile(), stats };
    });
  } catch (error) {
    throw fileError(error);
  }
}

/** One name for all tries, so that a crash leaves one at most; of PHP or hidden as .env is, so that no web server shows it as text. */
const draftOf = (path: string): string => join(dirname(path), isEnvFile(path) ? '.env.rekey' : '.wp-config.rekey.php');

/** Where the saved copy goes while a file is written in place: beside it, or where its folder takes no files. */
const copiesOf = (path: string): string[] => [draftOf(path), join(tmpdir(), `rekey-${createHash('sha256').update(path).digest('hex').slice(0, 32)}.php`)];

/** Gives an open file the owner, mode, access control list, extended attributes and label of another. False where the system does not. */
async function takeAttributes(from: string, { fd }: FileHandle): Promise<boolean> {
  const what = `mode,ownership,xattr${existsSync('/sys/fs/selinux/enforce') ? ',context' : ''}`;
  // By the descriptor: a path could meanwhile lead elsewhere.
  const child = spawn('cp', ['--attributes-only', `--preserve=${what}`, '--', from, '/dev/fd/3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  const [status] = await once(child, 'close').catch(() => [null]);
  return status === 0;
}

/** A new file beside the old one with the same attributes, on disk. Null where there can be none: the old one has to be written itself. */
async function writeDraft({ path, stats }: ConfigFile, bytes: Buffer): Promise<string | null> {
  const draft = draftOf(path);
  try {
    await rm(draft, { force: true });
    const isAlike = await withHandle(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, async (handle) => {
      await handle.writeFile(bytes);
      const isTaken = await takeAttributes(path, handle);
      await handle.sync();
      const own = await handle.stat();
      return isTaken && own.uid === stats.uid && own.gid === stats.gid && own.mode === stats.mode;
    });
    if (isAlike) return draft;
    await rm(draft);
    return null;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    // A folder that takes no new file says nothing of the file itself.
    if (['EACCES', 'EPERM', 'EROFS', 'EXDEV'].includes(codeOf(error))) return null;
    throw error;
  }
}

/** Whether others reach this very file by its inode: a hard link, or a mount such as a container's. */
const isHeldElsewhere = async ({ path, stats }: ConfigFile): Promise<boolean> => stats.nlink > 1 || (await isMounted(path));

/** Keeps the bytes of a file until it is written, with room for those it is to get. */
async function saveCopy({ path, bytes }: ConfigFile): Promise<void> {
  const [beside = '', apart = ''] = copiesOf(path);
  const save = (copy: string) =>
    withHandle(copy, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, async (handle) => {
      await handle.writeFile(Buffer.concat([bytes, Buffer.alloc(ROOM_BYTES)]));
      await handle.truncate(bytes.length);
      await handle.sync();
    });
  await dropCopies(path);
  try {
    await save(beside);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error;
    await save(apart);
  }
}

async function dropCopies(path: string): Promise<void> {
  for (const copy of copiesOf(path)) await rm(copy, { force: true }).catch(() => {});
}

/**
 * Puts back what a crash in the middle of a write in place has torn, and removes what one has left.
 * @throws {WpConfigError} where it cannot be put back
 */
export async function recoverConfigFile(path: string): Promise<void> {
  try {
    for (const copy of copiesOf(path)) {
      const saved = await withHandle(copy, constants.O_RDONLY, (handle) => handle.readFile()).catch(() => null);
      if (!saved || isWhole(path, await readFile(path)) || !isWhole(path, saved)) continue;
      await withHandle(path, constants.O_WRONLY, async (handle) => {
        await handle.write(saved, 0, saved.length, 0);
        await handle.truncate(saved.length);
        await handle.sync();
      });
    }
    await dropCopies(path);
  } catch (error) {
    throw fileError(error);
  }
}

function isWhole(path: string, bytes: Buffer): boolean {
  try {
    readPassword(path, bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Proves that the file could be written now, by the very steps of writing it: a draft of full size on disk, or where
 * the file has to keep its inode, a saved copy and an open file. Changes nothing. Throws WpConfigError.
 */
export async function proveReplaceable(file: ConfigFile): Promise<void> {
  const { path, bytes, stats } = file;
  try {
    // Root may write any file: one without a single write bit is meant to stay as it is.
    if ((stats.mode & 0o222) === 0) throw new WpConfigError('wp_config_read_only');
    await withHandle(path, constants.O_WRONLY, async () => {});
    const filler = Buffer.alloc(bytes.length + ROOM_BYTES);
    const draft = (await isHeldElsewhere(file)) ? null : await writeDraft(file, filler);
    if (draft) {
      await rm(draft);
      return await syncFolder(path);
    }
    await saveCopy(file);
    await dropCopies(path);
  } catch (error) {
    throw fileError(error);
  }
}

/**
 * Replaces the file in one step: whoever reads it sees the old one or the new one, whole. Where it has to keep its inode
 * (hard links, mounts, attributes that no other file can be given) it is written in place.
 * @throws {WpConfigError} the file is as it was
 */
export async function replaceConfigFile(file: ConfigFile, password: string): Promise<void> {
  const { path } = file;
  try {
    const draft = (await isHeldElsewhere(file)) ? null : await writeDraft(file, withPassword(path, file.bytes, password));
    if (draft) await swap(file, draft);
    else await writeInPlace(file, withPassword(path, file.bytes, password, { keepsSize: true }));
    if (readPassword(path, (await readConfigFile(path)).bytes) !== password) throw new WpConfigError('wp_config_changed');
  } catch (error) {
    throw fileError(error);
  }
}

async function refuseChanged({ path, stats }: ConfigFile): Promise<void> {
  const now = await lstat(path);
  if (now.ino !== stats.ino || now.size !== stats.size || now.mtimeMs !== stats.mtimeMs) throw new WpConfigError('wp_config_changed');
}

/** Makes a new name in the folder of a file durable. The folder may be named by a symbolic link, as `current/` of a deployment. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function swap(file: ConfigFile, draft: string): Promise<void> {
  try {
    await refuseChanged(file);
    await rename(draft, file.path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(file.path);
}

/** Writes from the first byte that differs. Of the same size that is the password alone; a longer one is guarded by a saved copy. */
async function writeInPlace(file: ConfigFile, bytes: Buffer): Promise<void> {
  const { path, bytes: before } = file;
  const from = before.findIndex((byte, i) => byte !== bytes[i]);
  if (from < 0) return;
  const isLonger = bytes.length > before.length;
  const to = isLonger ? bytes.length : bytes.findLastIndex((byte, i) => byte !== before[i]) + 1;
  try {
    if (isLonger) await saveCopy(file);
    await withHandle(path, constants.O_WRONLY, async (handle) => {
      await refuseChanged(file);
      try {
        await writeAll(handle, bytes.subarray(from, to), from);
        await handle.sync();
      } catch (error) {
        await writeAll(handle, before.subarray(from), from);
        await handle.truncate(before.length);
        throw error;
      }
    });
  } finally {
    await dropCopies(path);
  }
}

/** A disk that is full takes a part, and says so only at the next byte. */
async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}
