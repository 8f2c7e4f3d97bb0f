'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { useSingleKeys } from '#components/ui/use-shortcut.ts';
import { usePaletteKeys } from './palette-button.tsx';

const GROUPS = [
  {
    title: 'Everywhere',
    rows: [
      ['palette', 'Search or jump to'],
      ['G O', 'Overview'],
      ['G L', 'Audit log'],
      ['?', 'This list'],
      ['Esc', 'Close, or clear the filter'],
    ],
  },
  {
    title: 'Overview and audit log',
    rows: [
      ['J K', 'Next, previous'],
      ['Enter', 'Open'],
      ['F', 'Filter'],
      ['X', 'Select'],
    ],
  },
  {
    title: 'In a project',
    rows: [
      ['R', 'Rotate Credentials'],
      ['C', 'Copy the pooled URL'],
      ['V', 'Reveal the password'],
      ['G C', 'Connections'],
      ['G A', 'Activity'],
      ['G S', 'Settings'],
    ],
  },
] as const;

/** The list of keys, and the switch that turns the single ones off. */
export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [on, setOn] = useSingleKeys();
  const paletteKeys = usePaletteKeys();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      narrow
      title="Keys"
      description="Single keys do nothing while you type in a field."
      footNote={
        <Switch checked={on} onChange={setOn}>
          Single keys
        </Switch>
      }
      actions={
        <Button className="max-sm:flex-1" onClick={() => onOpenChange(false)}>
          Close
        </Button>
      }
      onSubmit={() => onOpenChange(false)}
    >
      <div className="grid gap-4 p-5">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 font-semibold">{group.title}</h3>
            <ul>
              {group.rows.map(([keys, text]) => (
                <li key={keys} className="flex items-center gap-1 py-1">
                  <span className="flex-1 text-ink-2">{text}</span>
                  {keys === 'palette' ? <Kbd>{paletteKeys}</Kbd> : keys.split(' ').map((key) => <Kbd key={key}>{key}</Kbd>)}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
