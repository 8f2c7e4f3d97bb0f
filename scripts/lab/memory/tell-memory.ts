// Loaded before a process whose memory is measured: at SIGUSR2 it collects what nothing refers to and says what it holds, in MB.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const toMb = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;

process.on('SIGUSR2', () => {
  const rss = process.memoryUsage.rss();
  // What finalizers let go of is collected the second time.
  for (let times = 0; times < 2; times++) collect();
  const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  const sizes = Object.entries({ heapUsed, heapTotal, external, arrayBuffers, rss }).map(([name, bytes]) => [name, toMb(bytes)]);
  console.log(`memory ${JSON.stringify(Object.fromEntries(sizes))}`);
});
