import { Notice } from '#components/ui/notice.tsx';
import { Time } from '#components/ui/time.tsx';
import type { NotificationsWire } from '#lib/contract/notification.ts';

/** How the latest e-mail went. */
export function LastMail({ mail, server }: { mail: NonNullable<NotificationsWire['last_mail']>; server: string | null }) {
  const { subject, state, error, created_at: createdAt, sent_at: sentAt } = mail;
  const named = subject === null ? 'The last e-mail' : `“${subject}”`;
  if (state === 'sent')
    return (
      <Notice title="Last e-mail">
        {named}, taken by {server ?? 'the mail server'} <Time at={sentAt ?? createdAt} plain />.
      </Notice>
    );
  return (
    <Notice tone={state === 'failed' ? 'danger' : 'warn'} title={state === 'failed' ? 'The last e-mail was not sent.' : 'The last e-mail is waiting.'}>
      {named}, from <Time at={createdAt} plain />. {error}
    </Notice>
  );
}
