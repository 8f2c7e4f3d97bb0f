import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { recordRefusal } from './record-refusal.ts';

const FORBIDDEN = 403;

interface Asked {
  /** The right that was asked for. */
  right?: string;
  projectId?: string | undefined;
}

/** Runs what may refuse. That it did (any 403) goes on record before the refusal goes on its way; asking for the password is not refusing. */
export async function auditRefusals<T>(context: Context, { right, projectId }: Asked, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'reauthentication_required')
      await recordRefusal(context, {
        action: 'session.confirmation_requested',
        ...(projectId !== undefined && { projectId }),
        metadata: { ...(right && { right }) },
      });
    else if (error instanceof DomainError && error.status === FORBIDDEN)
      await recordRefusal(context, {
        action: 'access.refused',
        ...(projectId !== undefined && { projectId }),
        reason: error.message,
        metadata: { code: error.code, ...(right && { right }) },
      });
    throw error;
  }
}
