import { z } from 'zod';
import { id, tagKey, tagValue, time, timeZone } from './common.ts';

/** What members are notified of by e-mail. */
export const NOTICE_KINDS = ['rotation_failed', 'window_missed', 'overdue_soon', 'campaign_stopped', 'drift'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

const kinds = z.array(z.enum(NOTICE_KINDS)).max(NOTICE_KINDS.length);

const fields = {
  /** What the member is notified of. */
  kinds,
  /** Those of them that are sent between 22:00 and 07:00 too; the others wait for the morning. */
  night_kinds: kinds,
  /** Whose night; null: there is none. */
  time_zone: timeZone.nullable(),
  /** Projects with this tag alone; null: all that the member reaches. */
  tag: z.object({ key: tagKey, value: tagValue }).nullable(),
};

export const notifications = z.object({
  email: z.string(),
  /** The mail server, without its login; null: no e-mail is sent, because none is set. */
  mail_server: z.string().nullable(),
  ...fields,
  /** Policies that notify the member whatever they chose here. */
  policies: z.array(z.object({ id, name: z.string() })),
  /** The latest e-mail to the member. */
  last_mail: z
    .object({
      subject: z.string().nullable(),
      state: z.enum(['pending', 'sent', 'failed']),
      error: z.string().nullable(),
      created_at: time,
      sent_at: time.nullable(),
    })
    .nullable(),
});
export type NotificationsWire = z.infer<typeof notifications>;
export const notificationsAnswer = z.object({ notifications });

export const notificationsBody = z.strictObject({ ...fields, tag: z.strictObject({ key: tagKey, value: tagValue }).nullable() });
export type NotificationsBody = z.infer<typeof notificationsBody>;

/** What the mail server said of a test; `error` is null where it took the mail. */
export const testMail = z.object({ to: z.string(), mail_server: z.string(), error: z.string().nullable() });
