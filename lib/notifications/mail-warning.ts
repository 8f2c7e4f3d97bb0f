import { db } from '#lib/kernel/db.ts';
import { configuredServer } from './smtp.ts';

/** A warning while e-mails wait because the mail server does not take them; null where all is well, undefined where none is set. */
export async function mailWarning(): Promise<string | null | undefined> {
  if (!configuredServer()) return undefined;
  const waiting = await db.mail.findFirst({ where: { state: 'pending', lastError: { not: null } }, select: { id: true } });
  return waiting && 'E-mails wait: the mail server does not take them. An owner sees why under Your account, Notifications. Rotations go on.';
}
