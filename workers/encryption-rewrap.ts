import { rotateKeys } from '#lib/encryption/rotate-keys.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `encryption.rewrap`: wraps all data keys anew, in a lane of its own. After a crash the sweep finds it again. */
export function rewrapJob({ rotationId }: Message<'encryption.rewrap'>, { lanes, workerId }: Dispatch): void {
  lanes.run('encryption', rotationId, () =>
    rotateKeys(rotationId, workerId).catch((error: unknown) => log.error({ rotation: rotationId, error: describeError(error) }, 're-wrapping failed')),
  );
}
