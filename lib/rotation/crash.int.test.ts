import { playInSmall } from '#scripts/torture/play-in-small.ts';

playInSmall([
  ['kill-at-failpoints', 15],
  ['kill-at-random', 1],
  ['target-crashes', 2],
  ['store-crashes', 2],
  ['connection-cut', 3],
  ['stopped-worker', 3],
  ['queue-emptied', 1],
  ['simultaneous-triggers', 1],
]);
