'use client';

import { Waves } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { REASON_LABELS, type Reason } from '#components/proofs/reasons.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { CampaignPreviewWire } from '#lib/contract/campaign.ts';
import type { ProjectSelection } from '#lib/contract/project-list.ts';
import { counted } from './campaign-words.ts';
import { useCampaignPreview, useStartCampaign } from './queries.ts';
import { type Order, sizesOf, WaveFields } from './wave-fields.tsx';

const REASONS = (Object.entries(REASON_LABELS) as [Reason, string][]).map(([value, label]) => ({ value, label }));

interface StartDialogProps {
  selection: ProjectSelection;
  /** What was selected, in words: "3 projects", "all projects that match". */
  words: string;
  onClose: () => void;
}

/** Says what a campaign over a selection would rotate, asks how, and starts it. */
export function StartDialog({ selection, words, onClose }: StartDialogProps) {
  const router = useRouter();
  const preview = useCampaignPreview(selection);
  const start = useStartCampaign();
  const [name, setName] = useState(words.charAt(0).toUpperCase() + words.slice(1));
  const [order, setOrder] = useState<Order>({ canary: '', waves: ['10', '25'] });
  const [limits, setLimits] = useState({ perServer: '8', atOnce: '24', stop: '20' });
  const [reason, setReason] = useState<Reason>('routine');
  const [chosen, setChosen] = useState<'keep' | 'close' | null>(null);
  const [note, setNote] = useState('');
  const [typed, setTyped] = useState('');

  const logins = preview.data?.logins ?? 0;
  // As many as there are servers, within reason, so that the canary tries each of them.
  const usual = Math.min(logins, Math.max(1, Math.min(20, preview.data?.servers ?? 1)));
  const shownOrder = { ...order, canary: order.canary === '' ? String(usual) : order.canary };
  const isProduction = (preview.data?.production ?? 0) > 0;
  const phrase = `rotate ${logins}`;
  const isConfirmed = !isProduction || typed.trim() === phrase;
  const sessions = chosen ?? (reason === 'compromise' ? 'close' : 'keep');
  const [canary = 0] = sizesOf(logins, shownOrder);
  const why = !preview.data ? 'Counting the logins.' : logins === 0 ? 'None of these logins can be rotated now.' : !isConfirmed && `Type ${phrase} first.`;

  const submit = () => {
    if (why || start.isPending) return;
    const body = {
      name: name.trim(),
      ...selection,
      expected_logins: logins,
      reason,
      ...(note.trim() && { note: note.trim() }),
      close_sessions: sessions === 'close',
      canary: Number(shownOrder.canary),
      waves: shownOrder.waves.map(Number),
      at_once: Number(limits.atOnce),
      at_once_per_server: Number(limits.perServer),
      stop_failures: limits.stop.trim() === '' ? null : Number(limits.stop),
    };
    start.mutate(body, {
      onSuccess: ({ campaign }) => {
        onClose();
        router.push(`/campaigns/${campaign.id}`);
      },
    });
  };
  const errors = start.error instanceof ApiProblem ? start.error.errors : {};
  const limitField = (key: keyof typeof limits, label: string, field: string, unit: string, hint?: string) => (
    <Field label={label} error={errors[field]?.join(' ')} hint={hint}>
      <span className="flex items-center gap-2">
        <Input
          className="num !w-20 text-right"
          inputMode="numeric"
          value={limits[key]}
          onChange={({ target }) => setLimits({ ...limits, [key]: target.value })}
        />
        <span className="text-ink-2">{unit}</span>
      </span>
    </Field>
  );

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Rotate ${words} as a campaign`}
      badge={isProduction && <Badge tone="line">Production</Badge>}
      description="A canary first, then waves. Each old password works until the new one has logged in."
      footNote={canary > 0 ? `Starts with ${counted(canary, 'login')}. The waves start only if the canary passes.` : 'Starts with the first wave.'}
      onSubmit={submit}
      actions={
        <>
          <Button shortcut="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" icon={Waves} busy={start.isPending && 'Starting campaign'} disabledReason={why} className="max-sm:flex-1">
            Start campaign
          </Button>
        </>
      }
    >
      {start.isError && (
        <div className="px-5 pt-5">
          <Notice tone="danger" role="alert" title="No campaign was started.">
            {Object.keys(errors).length > 0
              ? Object.entries(errors)
                  .map(([field, texts]) => `${field}: ${texts.join(' ')}`)
                  .join(' ')
              : start.error.message}
          </Notice>
        </div>
      )}
      <div className="grid grid-cols-1 lg:grid-cols-[1.12fr_1fr]">
        <div className="grid grid-cols-1 content-start gap-5 border-line p-5 max-lg:pb-0 lg:border-r">
          {preview.data ? <Selected preview={preview.data} words={words} /> : preview.isError ? <PreviewProblem error={preview.error} /> : <Counting />}
          <WaveFields total={logins} order={shownOrder} onChange={setOrder} />
          <div className="grid grid-cols-2 gap-4">
            {limitField('perServer', 'At once per server', 'at_once_per_server', 'logins')}
            {limitField('atOnce', 'At once in total', 'at_once', 'logins')}
            {limitField('stop', 'Stop at', 'stop_failures', 'failures', 'In the canary: at the first.')}
            <div>
              <p className="label">Start</p>
              <p className="flex h-8 items-center text-ink-2">Now, outside windows</p>
            </div>
          </div>
        </div>
        <div className="grid grid-cols-1 content-start gap-5 p-5">
          <Field label="Name" error={errors.name?.join(' ')}>
            <Input value={name} maxLength={80} autoComplete="off" onChange={({ target }) => setName(target.value)} />
          </Field>
          <fieldset>
            <legend className="mb-2 font-semibold">
              Reason <span className="font-normal text-ink-3">for the audit log</span>
            </legend>
            <Segmented label="Reason" wide value={reason} onChange={setReason} options={REASONS} className="max-sm:*:!px-1" />
            <Field label="Note" hideLabel className="mt-2">
              <Input placeholder="Note, never a password" value={note} maxLength={400} autoComplete="off" onChange={({ target }) => setNote(target.value)} />
            </Field>
          </fieldset>
          <fieldset>
            <legend className="mb-2 font-semibold">Open sessions</legend>
            <RadioCards
              label="Open sessions"
              value={sessions}
              onChange={setChosen}
              options={[
                { value: 'keep', title: 'Keep them open', text: 'Nothing disconnects. Sessions end when applications restart.' },
                {
                  value: 'close',
                  title: 'Close them after the change',
                  text: `${reason === 'compromise' ? 'Selected because the reason is a leak. ' : ''}Running queries are canceled.`,
                },
              ]}
            />
          </fieldset>
          {preview.data && preview.data.consumers.manual > 0 && (
            <Notice
              tone="warn"
              title={`${counted(preview.data.consumers.manual, 'manual consumer')} ${preview.data.consumers.manual === 1 ? 'needs' : 'need'} the new URL.`}
            >
              The campaign lists them as each login is rotated.
            </Notice>
          )}
          {isProduction && (
            <Field
              label={
                <>
                  Type <code className="rounded-xs bg-hover px-1 font-semibold">{phrase}</code> to start in production
                </>
              }
              hint="You can pause or abort at any time."
            >
              <Input machine className="!text-sm max-sm:!text-md" value={typed} onChange={({ target }) => setTyped(target.value)} />
            </Field>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Selected({ preview, words }: { preview: CampaignPreviewWire; words: string }) {
  const { logins, projects, servers, engines, consumers, left_out: leftOut } = preview;
  const kinds = [
    engines.postgresql > 0 && counted(engines.postgresql, 'PostgreSQL login'),
    engines.mysql > 0 && counted(engines.mysql, 'MySQL or MariaDB login'),
  ].filter(Boolean);
  return (
    <section aria-label={words}>
      <h3 className="font-semibold">
        {counted(logins, 'login')} {projects !== logins && <span className="font-normal text-ink-3">of {counted(projects, 'project')}</span>}
      </h3>
      <dl className="kv mt-2 !grid-cols-[7rem_minmax(0,1fr)]">
        <dt>Servers</dt>
        <dd>
          {servers.toLocaleString('en-US')}
          {kinds.length > 0 && `, with ${kinds.join(' and ')}`}
        </dd>
        <dt>Consumers</dt>
        <dd>
          {consumers.automatic.toLocaleString('en-US')} update automatically, {consumers.manual.toLocaleString('en-US')} need manual updates
        </dd>
        {leftOut > 0 && (
          <>
            <dt>Not included</dt>
            <dd>{counted(leftOut, 'login')} whose password is not proven</dd>
          </>
        )}
      </dl>
    </section>
  );
}

const Counting = () => (
  <Loading label="Counting the logins" className="grid gap-3">
    <SkeletonBar width="55%" />
    <SkeletonBar width="80%" />
    <SkeletonBar width="70%" />
  </Loading>
);

const PreviewProblem = ({ error }: { error: Error }) => (
  <p className="text-danger-ink" role="alert">
    Could not count the logins: {error.message}
  </p>
);
