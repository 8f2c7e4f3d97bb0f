import { playInSmall } from '#scripts/torture/play-in-small.ts';

// Beside crash.int.test.ts, so that two processors have two halves of the work.
playInSmall([
  ['mariadb-killed', 12],
  ['deployment-killed', 3],
  ['kill-at-delivery', 5],
  ['sync-interrupted', 10],
  ['policy-killed', 6],
]);
