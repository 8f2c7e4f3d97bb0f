import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

interface ServerUser {
  uid?: number;
  gid?: number;
}

function findServerUser(): [name: string, uid: number, gid: number] | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return found ? [String(found[0]), Number(found[2]), Number(found[3])] : undefined;
}

/** Database servers refuse root. Under root: the ids of `postgres` where it exists, of `nobody` otherwise; else nothing. */
export function unprivileged(): ServerUser {
  const user = findServerUser();
  return user ? { uid: user[1], gid: user[2] } : {};
}

function isClosed(folder: string, uid: number, gid: number): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  return (mode & bit) === 0;
}

/** Throws, with the fix, if the server's user may not enter the folder or one above it (such as a root home of mode 0700). */
export function refuseClosedFolder(path: string): void {
  const user = findServerUser();
  if (!user) return;
  const [name, uid, gid] = user;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (isClosed(folder, uid, gid)) {
      throw new Error(
        `You are root and PostgreSQL must not be, so it runs as the user \`${name}\`, who may not enter ${folder} (on the way to ${resolve(path)}). ` +
          `Run Rekey as another user than root, use a folder that is open to all such as /var/lib/rekey, or allow it: chmod o+x ${folder}`,
      );
    }
    if (folder === dirname(folder)) return;
  }
}
