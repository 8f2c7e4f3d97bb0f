import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ConfirmBody } from '#lib/contract/self.ts';
import type { Context } from '#lib/kernel/context.ts';
import { withOwnPassword } from './with-own-password.ts';

/** Makes the session fresh again with the member's password, and a code where the second factor is on. Throws as `withOwnPassword`. */
export async function confirmSession(context: Context, given: ConfirmBody): Promise<void> {
  await withOwnPassword(context, given, 'session.confirmation_refused', (tx, taken) =>
    recordAudit(tx, context, { action: 'session.confirmed', ...(taken && { metadata: { second_factor: taken } }) }),
  );
}
