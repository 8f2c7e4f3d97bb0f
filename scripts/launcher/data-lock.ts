import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, livePid } from '#scripts/servers/process-identity.ts';

/**
 * Takes the data folder for this process; answers the release. A lock whose process is dead is taken over; a live
 * one throws with its pid. The lock appears with its content in one step, so nobody reads half of it.
 */
export function takeDataLock(dataDir: string): () => void {
  const lock = join(dataDir, 'launcher.lock');
  const mine = join(dataDir, `launcher.${process.pid}`);
  writeFileSync(mine, identifyProcess(process.pid) ?? '');
  try {
    for (;;) {
      try {
        linkSync(mine, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readFileSync(lock, 'utf8');
      const pid = livePid(holder);
      if (pid) throw new Error(`Rekey already runs on ${dataDir} as process ${pid}. Stop that one first, or give this one another folder with --data.`);
      // Renamed, not removed: another launcher may have put its own lock there since it was read.
      renameSync(lock, `${mine}.found`);
      if (readFileSync(`${mine}.found`, 'utf8') === holder) rmSync(`${mine}.found`);
      else renameSync(`${mine}.found`, lock);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
