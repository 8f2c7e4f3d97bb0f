import type { Scenario } from './play.ts';
import { connectionCut } from './scenarios/connection-cut.ts';
import { deploymentKilled } from './scenarios/deployment-killed.ts';
import { killAtDelivery } from './scenarios/kill-at-delivery.ts';
import { killAtFailpoints } from './scenarios/kill-at-failpoints.ts';
import { killAtRandom } from './scenarios/kill-at-random.ts';
import { mariadbKilled } from './scenarios/mariadb-killed.ts';
import { policyKilled } from './scenarios/policy-killed.ts';
import { queueEmptied } from './scenarios/queue-emptied.ts';
import { rewrapKilled } from './scenarios/rewrap-killed.ts';
import { storeCrashes, targetCrashes } from './scenarios/server-crashes.ts';
import { simultaneousTriggers } from './scenarios/simultaneous-triggers.ts';
import { stoppedWorker } from './scenarios/stopped-worker.ts';
import { syncInterrupted } from './scenarios/sync-interrupted.ts';

/** All that is done to a rotation and to what is told of it, by name. */
export const SCENARIOS: Record<string, Scenario> = {
  'kill-at-failpoints': killAtFailpoints,
  'kill-at-delivery': killAtDelivery,
  'kill-at-random': killAtRandom,
  'mariadb-killed': mariadbKilled,
  'deployment-killed': deploymentKilled,
  'target-crashes': targetCrashes,
  'store-crashes': storeCrashes,
  'connection-cut': connectionCut,
  'stopped-worker': stoppedWorker,
  'queue-emptied': queueEmptied,
  'simultaneous-triggers': simultaneousTriggers,
  'sync-interrupted': syncInterrupted,
  'policy-killed': policyKilled,
  'rewrap-killed': rewrapKilled,
};
