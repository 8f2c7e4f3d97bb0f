'use client';

import { useState } from 'react';
import { useStaleReason } from '#components/session/live.tsx';
import { Card } from '#components/ui/card.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { NotificationsBody, NotificationsWire } from '#lib/contract/notification.ts';
import { KindsCard } from './kinds-card.tsx';
import { LastMail } from './last-mail.tsx';
import { ProjectsCard } from './projects-card.tsx';
import { useChangeNotifications, useNotifications } from './queries.ts';

/** What the signed-in person is notified of by e-mail. */
export function NotificationsPage() {
  const { data, error } = useNotifications();
  if (error)
    return (
      <Notice tone="danger" title="Could not load your notifications.">
        {error.message}
      </Notice>
    );
  if (!data)
    return (
      <Loading label="Loading your notifications" className="grid gap-3">
        <SkeletonBar width="100%" />
        <SkeletonBar width="60%" />
      </Loading>
    );
  return <Form key={JSON.stringify([data.kinds, data.night_kinds, data.time_zone, data.tag])} shown={data} />;
}

function Form({ shown }: { shown: NotificationsWire }) {
  const { kinds, night_kinds, time_zone, tag, policies } = shown;
  const [draft, setDraft] = useState<NotificationsBody>({ kinds, night_kinds, time_zone, tag });
  const change = useChangeNotifications();
  const stale = useStaleReason();
  const isSame = JSON.stringify(draft) === JSON.stringify({ kinds, night_kinds, time_zone, tag });
  const put = (more: Partial<NotificationsBody>) => setDraft({ ...draft, ...more });
  const errors = change.error instanceof ApiProblem ? change.error.errors : {};
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="grid min-w-0 gap-4">
        {shown.mail_server === null && (
          <Notice tone="warn" title="No e-mail is sent: no mail server is set.">
            Set <code>REKEY_SMTP_URL</code> and <code>REKEY_MAIL_FROM</code>, then restart Rekey. Your choices are kept until then.
          </Notice>
        )}
        {change.error && Object.keys(errors).length === 0 && (
          <Notice tone="danger" role="alert" title="Nothing was saved.">
            {change.error.message}
          </Notice>
        )}
        <KindsCard
          email={shown.email}
          hasServer={shown.mail_server !== null}
          draft={draft}
          onChange={put}
          save={{ busy: change.isPending && 'Saving', disabledReason: stale || (isSame && 'Nothing has changed.'), press: () => change.mutate(draft) }}
        />
      </div>
      <div className="grid min-w-0 gap-4">
        <ProjectsCard tag={draft.tag} error={errors['tag.key']?.[0] ?? errors['tag.value']?.[0]} onChange={(next) => put({ tag: next })} />
        {policies.length > 0 && (
          <Card title="From policies" foot="A policy’s recipients get its e-mails even when they are off here.">
            <ul className="list">
              {policies.map(({ id, name }) => (
                <li key={id} className="flex items-center gap-3 px-4 py-2">
                  <span className="min-w-0 flex-1 truncate" title={name}>
                    {name}
                  </span>
                  <span className="text-xs text-ink-3">you are a recipient</span>
                </li>
              ))}
            </ul>
          </Card>
        )}
        {shown.last_mail && <LastMail mail={shown.last_mail} server={shown.mail_server} />}
      </div>
    </div>
  );
}
