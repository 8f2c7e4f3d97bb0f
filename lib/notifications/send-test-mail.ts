import type { z } from 'zod';
import { signedInMember } from '#lib/auth/read-session.ts';
import type { testMail } from '#lib/contract/notification.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { configuredServer, hostOf, MailRefused, sendMail } from './smtp.ts';

/**
 * Sends a mail to the signed-in member at once, and returns what the mail server said.
 * @throws {DomainError} conflict where no mail server is set
 */
export async function sendTestMail(context: Context): Promise<z.infer<typeof testMail>> {
  const { name: to } = signedInMember(context);
  const server = configuredServer();
  if (!server) throw new DomainError('conflict', 'No mail server is set, so nothing was sent. Set REKEY_SMTP_URL and REKEY_MAIL_FROM, then restart Rekey.');
  const text = 'Rekey can send you e-mails. This one says nothing else.\n';
  try {
    await sendMail(server, { id: newId('mal'), to: { name: '', address: to }, subject: 'A test from Rekey', text });
    return { to, mail_server: hostOf(server), error: null };
  } catch (error) {
    if (error instanceof MailRefused) return { to, mail_server: hostOf(server), error: error.message };
    throw error;
  }
}
