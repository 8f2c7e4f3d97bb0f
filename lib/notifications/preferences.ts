import { recordAudit } from '#lib/audit/record-audit.ts';
import { signedInMember } from '#lib/auth/read-session.ts';
import { NOTICE_KINDS, type NoticeKind, type NotificationsBody, type NotificationsWire } from '#lib/contract/notification.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { configuredServer, hostOf } from './smtp.ts';

/** Kinds that this release knows, in their order. */
const known = (kinds: readonly string[]): NoticeKind[] => NOTICE_KINDS.filter((kind) => kinds.includes(kind));

/** What the signed-in member is notified of, and how their latest e-mail went. */
export async function getNotifications(context: Context): Promise<NotificationsWire> {
  const { id: userId, name: email, role } = signedInMember(context);
  const { organizationId } = context;
  const [row, policies, mail] = await Promise.all([
    db.notificationPreferences.findUnique({ where: { organizationId_userId: { organizationId, userId } } }),
    db.policy.findMany({ where: { organizationId, notifyUserIds: { has: userId } }, select: { id: true, name: true }, orderBy: { name: 'asc' } }),
    db.mail.findFirst({ where: { organizationId, userId }, orderBy: { createdAt: 'desc' } }),
  ]);
  const server = configuredServer();
  return {
    email,
    mail_server: server && hostOf(server),
    kinds: row ? known(row.kinds) : role === 'viewer' ? [] : [...NOTICE_KINDS],
    night_kinds: row ? known(row.nightKinds) : [...NOTICE_KINDS],
    time_zone: row?.timeZone ?? null,
    tag: row?.tagKey && row.tagValue ? { key: row.tagKey, value: row.tagValue } : null,
    policies,
    last_mail: mail && {
      subject: mail.subject,
      state: mail.state,
      // What a mail server says may name other systems.
      error: role === 'owner' ? mail.lastError : mail.lastError && 'The mail server did not take it.',
      created_at: mail.createdAt.toISOString(),
      sent_at: mail.sentAt?.toISOString() ?? null,
    },
  };
}

/** Keeps what the signed-in member wants to be notified of. It holds for events from now on. */
export async function changeNotifications(context: Context, body: NotificationsBody): Promise<NotificationsWire> {
  const { id: userId } = signedInMember(context);
  const { organizationId } = context;
  const columns = {
    kinds: known(body.kinds),
    nightKinds: known(body.night_kinds),
    timeZone: body.time_zone,
    tagKey: body.tag?.key ?? null,
    tagValue: body.tag?.value ?? null,
  };
  await db.$transaction(async (tx) => {
    await tx.notificationPreferences.upsert({
      where: { organizationId_userId: { organizationId, userId } },
      create: { organizationId, userId, ...columns },
      update: columns,
    });
    await recordAudit(tx, context, { action: 'member.notifications_changed', metadata: { ...body } });
  });
  return getNotifications(context);
}
