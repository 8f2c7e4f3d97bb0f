import { styleText } from 'node:util';

const started = performance.now();
const clock = (): string => styleText('dim', `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`);

/** Seconds since the launcher began. */
export const elapsedSeconds = (): number => (performance.now() - started) / 1000;

/** One line on the launcher's terminal. */
export const say = (text: string): void => console.log(`${clock()}  ${text}`);

/** Says what is being done, every ten seconds that it still is, and nothing else: the next line tells that it is done. */
export async function during<T>(text: string, work: () => Promise<T>): Promise<T> {
  say(text);
  const beat = setInterval(() => say(`${text} (still at it)`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
