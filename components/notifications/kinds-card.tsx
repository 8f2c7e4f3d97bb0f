'use client';

import { useMe } from '#components/session/me.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Switch } from '#components/ui/switch.tsx';
import type { NoticeKind, NotificationsBody } from '#lib/contract/notification.ts';
import { useTestMail } from './queries.ts';

const KINDS: readonly { kind: NoticeKind; name: string; text: string }[] = [
  { kind: 'rotation_failed', name: 'A rotation failed', text: 'The old password still works, or it is not known which one does.' },
  { kind: 'window_missed', name: 'A window was missed', text: 'A policy could not run, for example because no worker was running.' },
  { kind: 'overdue_soon', name: 'Overdue in 7 days', text: 'A password reaches its limit, and no run is planned before.' },
  { kind: 'campaign_stopped', name: 'A campaign stopped', text: 'Also when you did not start it.' },
  { kind: 'drift', name: 'Drift', text: 'Someone changed a value at Vercel, Netlify or GitHub.' },
];

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const ROW = 'grid grid-cols-[minmax(0,1fr)_4rem_4rem] items-center gap-x-2 px-4 sm:grid-cols-[minmax(0,1fr)_5rem_5rem]';

interface KindsCardProps {
  email: string;
  hasServer: boolean;
  draft: NotificationsBody;
  onChange: (more: Partial<NotificationsBody>) => void;
  save: { busy: string | false; disabledReason: string | false; press: () => void };
}

/** Which e-mails, and which of them at night. */
export function KindsCard({ email, hasServer, draft, onChange, save }: KindsCardProps) {
  const toggled = (list: readonly NoticeKind[], kind: NoticeKind, isOn: boolean) =>
    KINDS.flatMap((one) => ((one.kind === kind ? isOn : list.includes(one.kind)) ? one.kind : []));
  return (
    <Card title={`E-mail to ${email}`} actions={<TestButton hasServer={hasServer} />}>
      <div className={`${ROW} border-b border-line py-2 text-xs font-medium text-ink-3`} aria-hidden="true">
        <span>About</span>
        <span className="text-center">E-mail</span>
        <span className="text-center">At night</span>
      </div>
      <ul className="list">
        {KINDS.map(({ kind, name, text }) => (
          <li key={kind} className={`${ROW} py-2.5`}>
            <div className="min-w-0">
              <p className="font-medium">{name}</p>
              <p className="text-xs text-ink-3">{text}</p>
            </div>
            <div className="grid place-items-center">
              <Switch checked={draft.kinds.includes(kind)} onChange={(isOn) => onChange({ kinds: toggled(draft.kinds, kind, isOn) })}>
                <span className="sr-only">E-mail: {name}</span>
              </Switch>
            </div>
            <div className="grid place-items-center">
              <Checkbox
                checked={draft.time_zone === null || draft.night_kinds.includes(kind)}
                disabledReason={draft.time_zone === null && 'Choose the time zone of your nights first.'}
                onChange={(isOn) => onChange({ night_kinds: toggled(draft.night_kinds, kind, isOn) })}
              >
                <span className="sr-only">Also at night: {name}</span>
              </Checkbox>
            </div>
          </li>
        ))}
      </ul>
      <div className="border-t border-line p-4">
        <Field label="Night" hint="22:00 to 07:00. E-mails that are held back arrive at 07:00.">
          <Select value={draft.time_zone ?? ''} onChange={({ target }) => onChange({ time_zone: target.value === '' ? null : target.value })}>
            <option value="">None: send at any time</option>
            {ZONES.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </Select>
        </Field>
      </div>
      <div className="card-foot flex flex-wrap items-center gap-3">
        <span className="min-w-0 flex-1 basis-60">At most one e-mail in 15 minutes. E-mails link to the page and never contain a secret.</span>
        <Button kind="primary" size="small" busy={save.busy} disabledReason={save.disabledReason} onClick={save.press}>
          Save
        </Button>
      </div>
    </Card>
  );
}

function TestButton({ hasServer }: { hasServer: boolean }) {
  const test = useTestMail();
  const isOwner = useMe().principal.role === 'owner';
  if (!isOwner) return null;
  const result = test.data;
  return (
    <>
      <Button
        kind="quiet"
        size="small"
        busy={test.isPending && 'Sending'}
        disabledReason={!hasServer && 'No mail server is set.'}
        onClick={() => test.mutate()}
      >
        Send a test
      </Button>
      {(result || test.error) && (
        <div className="basis-full">
          <Notice
            tone={result && result.error === null ? 'ok' : 'danger'}
            role="status"
            title={result && result.error === null ? `${result.mail_server} took the e-mail to ${result.to}.` : 'The test e-mail was not sent.'}
          >
            {test.error?.message ?? result?.error}
          </Notice>
        </div>
      )}
    </>
  );
}
