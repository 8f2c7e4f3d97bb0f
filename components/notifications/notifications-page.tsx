'use client';

import { useState } from 'react';
import { useStaleReason } from '#components/session/live.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { NotificationsBody, NotificationsWire } from '#lib/contract/notification.ts';
import { KindsCard } from './kinds-card.tsx';
import { useChangeNotifications, useNotifications } from './queries.ts';

interface ProjectsCardProps {
  tag: NotificationsBody['tag'];
  error: string | undefined;
  onChange: (tag: NotificationsBody['tag']) => void;
}

/** Which projects e-mails are about. */
function ProjectsCard({ tag, error, onChange }: ProjectsCardProps) {
  return (
    <Card title="Which projects">
      <div className="grid gap-3 p-4">
        <RadioCards
          label="Which projects"
          value={tag === null ? 'all' : 'tag'}
          onChange={(value) => onChange(value === 'all' ? null : { key: 'team', value: '' })}
          options={[
            { value: 'all', title: 'All projects', text: 'Every project that you reach.' },
            { value: 'tag', title: 'Projects with a tag', text: 'What concerns no single project is sent all the same.' },
          ]}
        />
        {tag && (
          <div className="grid grid-cols-2 gap-3">
            <Field label="Tag" error={error}>
              <Input machine value={tag.key} placeholder="team" onChange={({ target }) => onChange({ ...tag, key: target.value })} />
            </Field>
            <Field label="Value">
              <Input machine value={tag.value} placeholder="shop" onChange={({ target }) => onChange({ ...tag, value: target.value })} />
            </Field>
          </div>
        )}
      </div>
    </Card>
  );
}

/** How the latest e-mail went. */
function LastMail({ mail, server }: { mail: NonNullable<NotificationsWire['last_mail']>; server: string | null }) {
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
