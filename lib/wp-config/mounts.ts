import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
interface Mount {
  device: string;
  /** The path within its file system that is mounted. */
  root: string;
  at: string;
}

const decodeOctal = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));

async function readMounts(process: string): Promise<Mount[]> {
  const text = await readFile(`/proc/${process}/mountinfo`, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [, , device, root, at] = line.split(' ');
    return device && root && at ? [{ device, root: decodeOctal(root), at: decodeOctal(at) }] : [];
  });
}

/** One process of each mount namespace but ours: of those that this process may look at. */
async function otherNamespaces(): Promise<string[]> {
  const seen = new Set([await readlink('/proc/self/ns/mnt').catch(() => '')]);
  const others: string[] = [];
  for (const process of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(process)) continue;
    const namespace = await readlink(`/proc/${process}/ns/mnt`).catch(() => null);
    if (namespace === null || seen.has(namespace)) continue;
    seen.add(namespace);
    others.push(process);
  }
  return others;
}

/**
 * Whether a single file is a mount of its own, here or in another mount namespace, such as a container's: what is
 * mounted is its inode, and a new file in its place would not be seen there. Without /proc, false.
 */
export async function isMounted(path: string): Promise<boolean> {
  const own = await readMounts('self');
  const real = await realpath(path);
  const isWithin = (at: string) => at === '/' || real === at || real.startsWith(`${at}/`);
  // Of mounts over each other the last one counts.
  const holding = own
    .filter(({ at }) => isWithin(at))
    .reduce<Mount | null>((found, mount) => (found && found.at.length > mount.at.length ? found : mount), null);
  if (!holding) return false;
  if (holding.at === real) return true;
  const root = join(holding.root, relative(holding.at, real));
  const isSame = (mount: Mount) => mount.device === holding.device && mount.root === root;
  if (own.some(isSame)) return true;
  for (const process of await otherNamespaces()) if ((await readMounts(process)).some(isSame)) return true;
  return false;
}
