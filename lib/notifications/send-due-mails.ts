import { Prisma } from '#generated/prisma/client.ts';
import type { NoticeKind } from '#lib/contract/notification.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { ask, db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { type Claim, ClaimLost, claims, holdClaim, isClaimable } from '#lib/queue/claim.ts';
import type { ToldEvent } from '#lib/webhooks/dialects/dialect.ts';
import { composeMail, type Noticed } from './compose-mail.ts';
import { configuredServer, MailRefused, type MailServer, sendMail } from './smtp.ts';

/** Longer than the mail server may take. */
const LEASE = Prisma.sql`interval '2 minutes'`;
/** Claimed at once; sent one after the other. */
const AT_ONCE = 10;
/** The waits after a try that failed, in minutes: given up after a bit more than a day. */
const WAITS_MINUTES = [1, 5, 15, 60, 180, 360, 720] as const;
export const MAIL_ATTEMPTS = WAITS_MINUTES.length + 1;

interface ClaimedMail {
  id: string;
  fence: number;
  /** With this one. */
  attempts: number;
  organizationId: string;
  userId: string;
}

const claimMails = (workerId: string): Promise<ClaimedMail[]> =>
  ask<ClaimedMail>(Prisma.sql`
    WITH due AS (
      SELECT id FROM mails WHERE state = 'pending' AND ${isClaimable('mails', workerId)} ORDER BY next_attempt_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
    )
    UPDATE mails SET ${claims('mails', workerId, LEASE)} FROM due WHERE mails.id = due.id
    RETURNING mails.id, mails.fence, mails.attempts, mails.organization_id AS "organizationId", mails.user_id AS "userId"`);

/** The events of a mail, oldest first. */
const loadNotices = async (mailId: string): Promise<Noticed[]> =>
  (
    await ask<ToldEvent & { kind: NoticeKind; explanation: string | null }>(Prisma.sql`
      SELECT e.id, e.organization_id AS "organizationId", e.project_id AS "projectId", e.project_name AS "projectName", e.type, e.data,
        e.created_at AS "createdAt", n.kind, j.error AS explanation
      FROM notices n JOIN events e ON e.id = n.event_id LEFT JOIN jobs j ON j.id = e.data ->> 'job_id'
      WHERE n.mail_id = ${mailId} ORDER BY e.created_at, e.id`)
  ).map(({ kind, explanation, ...event }) => ({ kind, explanation, event }));

/** Writes how a try ended, unless a later one has begun. */
const settle = (mail: ClaimedMail, data: Prisma.MailUpdateManyMutationInput): Promise<void> =>
  db.$transaction(async (tx) => {
    const claim: Claim = { kind: 'mail.send', id: mail.id, fence: mail.fence };
    await holdClaim(tx, claim);
    await tx.mail.update({ where: { id: mail.id }, data: { ...data, claimedBy: null, leaseUntil: null } });
  });

/** Has a mail that was not taken tried again later, or gives it up. */
async function settleFailed(mail: ClaimedMail, subject: string, { message, isFinal }: MailRefused): Promise<void> {
  const minutes = isFinal ? undefined : WAITS_MINUTES[mail.attempts - 1];
  const told = { subject, lastError: message };
  if (minutes === undefined) return settle(mail, { ...told, state: 'failed' });
  return settle(mail, { ...told, nextAttemptAt: storeTime(minutes * 60_000) });
}

async function sendOne(mail: ClaimedMail, server: MailServer): Promise<void> {
  const [notices, user] = await Promise.all([loadNotices(mail.id), db.user.findUnique({ where: { id: mail.userId }, select: { email: true, name: true } })]);
  // The member or the events are gone.
  if (!user || notices.length === 0) return settle(mail, { state: 'failed', lastError: 'There is nothing to say any more.' });
  const { subject, text } = composeMail(notices);
  try {
    await sendMail(server, { id: mail.id, to: { name: user.name ?? '', address: user.email }, subject, text });
  } catch (error) {
    if (error instanceof MailRefused) return settleFailed(mail, subject, error);
    throw error;
  }
  await failpoint('mail.sent');
  await settle(mail, { state: 'sent', subject, sentAt: storeTime(), lastError: null });
}

/**
 * Sends the mails that are due, each once under its claim. A crash in it leads to one more try under the same Message-ID.
 * Where no mail server is set any more, they wait. Returns how many it tried.
 */
export async function sendDueMails(workerId: string): Promise<number> {
  const server = configuredServer();
  if (!server) return 0;
  const mails = await claimMails(workerId);
  for (const mail of mails) {
    try {
      await sendOne(mail, server);
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
    }
  }
  return mails.length;
}
