// A file system of a few megabytes, for what happens when a disk is full.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** A folder on it. */
  path: string;
  /** Fills it to the last byte. */
  fill: () => void;
  /** Takes away what `fill` has put there. */
  makeRoom: () => void;
  stop: () => Promise<void>;
}

const BLOCK = Buffer.alloc(65_536);

/** Writes until there is no room even for a byte. */
function writeUntilFull(file: string): void {
  const descriptor = openSync(file, 'a');
  try {
    for (let size = BLOCK.length; size >= 1; ) {
      try {
        writeSync(descriptor, BLOCK, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 16);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Mounts it: as root for all to see, as anybody else in a namespace of one's own, whose files /proc shows. */
async function mount(folder: string, megabytes: number): Promise<{ path: string; unmount: () => Promise<void> }> {
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder];
  if (process.getuid?.() === 0) {
    execFileSync('mount', options);
    return { path: folder, unmount: async () => void execFileSync('umount', ['--lazy', folder]) };
  }
  const holder = spawn('unshare', ['-rm', 'sh', '-c', 'mount "$@" && echo mounted && exec sleep infinity', 'sh', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const isMounted = await Promise.race([once(holder.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!isMounted)
    throw new Error('This test mounts a small file system in a user namespace, which this machine does not allow. Allow it, or run the test as root.');
  return {
    path: `/proc/${holder.pid}/root${folder}`,
    unmount: async () => {
      holder.kill();
      await ended;
    },
  };
}

/** Makes an empty file system of that size. */
export async function makeSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-small-'));
  const { path, unmount } = await mount(folder, megabytes);
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => writeUntilFull(filler),
    makeRoom: () => unlinkSync(filler),
    stop: async () => {
      await unmount();
      rmdirSync(folder);
    },
  };
}
