import { globSync } from 'node:fs';

/** The environment of a process whose clock is so many seconds ahead (negative: behind), by Debian's faketime. */
export function withClock(seconds: number): Record<string, string> {
  const [library] = globSync('/usr/lib/{*/,}faketime/libfaketimeMT.so.1');
  if (!library) throw new Error('faketime is not installed: npm test installs it on Debian as root.');
  return { LD_PRELOAD: library, FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}` };
}
