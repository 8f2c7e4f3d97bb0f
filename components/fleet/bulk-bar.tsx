'use client';

import { CalendarClock, KeyRound, Tag, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useCampaignReason } from '#components/campaigns/use-campaign-reason.ts';
import type { BulkBarProps } from '#components/projects/overview-list.tsx';
import { useChangeReason, useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { useShortcut } from '#components/ui/use-shortcut.ts';

const StartDialog = dynamic(() => import('#components/campaigns/start-dialog.tsx').then((module) => module.StartDialog));
const AssignPolicyDialog = dynamic(() => import('./assign-policy-dialog.tsx').then((module) => module.AssignPolicyDialog));
const TagDialog = dynamic(() => import('./tag-dialog.tsx').then((module) => module.TagDialog));
const ForgetManyDialog = dynamic(() => import('./forget-many-dialog.tsx').then((module) => module.ForgetManyDialog));

/** Projects that are forgotten in one go, each by a request of its own. */
const MOST_FORGOTTEN = 50;

type Asked = 'rotate' | 'policy' | 'tag' | 'forget';

/** Floats over the list while projects are selected. */
export function BulkBar({ selection, filter, total, shown }: BulkBarProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { ids, isAll } = selection;
  const count = isAll ? total : ids.size;
  useShortcut('escape', selection.clear, { enabled: count > 0 && asked === null });
  const rotateReason = useCampaignReason();
  const changeReason = useChangeReason();
  const manyReason = useOrganizationReason('admin') || changeReason;
  if (count === 0) return null;
  const selected = isAll ? { filter } : { project_ids: [...ids] };
  const figure = count.toLocaleString('en-US');
  const words = `${figure} ${count === 1 ? 'project' : 'projects'}`;
  const close = () => setAsked(null);
  const done = () => {
    close();
    selection.clear();
  };
  const forgetReason = isAll || count > MOST_FORGOTTEN ? `Select at most ${MOST_FORGOTTEN} projects to forget them.` : manyReason;
  return (
    <>
      <div className="h-24" aria-hidden="true" />
      <div
        role="toolbar"
        aria-label="Selected projects"
        className="fixed bottom-6 left-1/2 z-30 ml-[7.25rem] flex max-w-[calc(100vw-15.5rem)] md:w-max -translate-x-1/2 flex-wrap items-center gap-2 rounded-lg bg-raised py-2 pr-2 pl-4 shadow-pop max-md:inset-x-3 max-md:bottom-3 max-md:ml-0 max-md:max-w-none max-md:translate-x-0 max-md:pl-3"
      >
        <p className="whitespace-nowrap max-md:basis-full" role="status">
          <b className="num font-semibold">{figure} selected</b>
          {isAll && <span className="text-ink-2">, all that match</span>}
        </p>
        {!isAll && total > ids.size && (
          <button type="button" className="link mr-2 text-left whitespace-nowrap max-md:basis-full" onClick={selection.selectAll}>
            Select all {total.toLocaleString('en-US')} that match
          </button>
        )}
        <Button size="small" kind="quiet" shortcut="Esc" className="max-md:*:[kbd]:hidden" onClick={selection.clear}>
          Clear
        </Button>
        <Button size="small" icon={CalendarClock} disabledReason={manyReason} onClick={() => setAsked('policy')}>
          Assign policy
        </Button>
        <Button size="small" icon={Tag} disabledReason={manyReason} onClick={() => setAsked('tag')}>
          Tag
        </Button>
        <Button size="small" kind="danger-quiet" icon={Trash2} disabledReason={forgetReason} onClick={() => setAsked('forget')}>
          Forget
        </Button>
        <Button size="small" kind="primary" icon={KeyRound} className="max-md:flex-1" disabledReason={rotateReason} onClick={() => setAsked('rotate')}>
          Rotate {figure}…
        </Button>
      </div>
      {asked === 'rotate' && <StartDialog selection={selected} words={words} onClose={close} />}
      {asked === 'policy' && <AssignPolicyDialog selection={selected} words={words} onClose={close} onDone={done} />}
      {asked === 'tag' && <TagDialog selection={selected} words={words} onClose={close} onDone={done} />}
      {asked === 'forget' && <ForgetManyDialog projects={shown.filter(({ id }) => ids.has(id))} onClose={close} onDone={done} />}
    </>
  );
}
