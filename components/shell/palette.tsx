'use client';

import { Command } from 'cmdk';
import { Search, X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useMemo, useRef, useState } from 'react';
import type { PaletteAct } from '#components/session/palette-acts.ts';
import { Icon } from '#components/ui/icon.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { useFocusReturn } from '#components/ui/use-focus-return.ts';
import { matchEntries } from './match-entries.ts';
import { type PaletteEntry, usePaletteEntries } from './use-palette-entries.ts';

interface PaletteProps {
  /** What the page offered when it was opened; null: it is closed. */
  acts: readonly PaletteAct[] | null;
  onClose: () => void;
  onShowKeys: () => void;
}

/** Search or jump to: projects, sites, pages, and what the open page can do. It opens what a button opens, and rotates nothing itself. */
export function Palette({ acts, onClose, onShowKeys }: PaletteProps) {
  const chosen = useRef<(() => void) | null>(null);
  const focus = useFocusReturn();
  const closing = useMemo(
    () => ({
      ...focus,
      // Only once the focus is back: what is chosen may be a dialog, which takes it and gives it back there.
      onCloseAutoFocus: (event: Event) => {
        focus.onCloseAutoFocus(event);
        chosen.current?.();
        chosen.current = null;
      },
    }),
    [focus],
  );
  return (
    <Radix.Root open={acts !== null} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="palette" aria-describedby={undefined} {...closing}>
          <Radix.Title className="sr-only">Search or jump to</Radix.Title>
          {acts && (
            <Finder
              acts={acts}
              onShowKeys={onShowKeys}
              onChoose={(run) => {
                chosen.current = run;
                onClose();
              }}
            />
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface FinderProps {
  acts: readonly PaletteAct[];
  onShowKeys: () => void;
  onChoose: (run: () => void) => void;
}

function Finder({ acts, onShowKeys, onChoose }: FinderProps) {
  const [search, setSearch] = useState('');
  const { sections, isSearching } = usePaletteEntries({ acts, search, onShowKeys });
  const groups = matchEntries(sections, search);
  return (
    <Command label="Search or jump to" shouldFilter={false} loop className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-4">
        <Icon as={Search} className="text-ink-3" />
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder="A project, a site, a page or an action"
          className="h-12 min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3 sm:text-base"
        />
        <span className="max-sm:hidden pointer-coarse:hidden" aria-hidden="true">
          <Kbd>Esc</Kbd>
        </span>
        <Radix.Close asChild>
          <IconButton label="Close" icon={X} className="sm:pointer-fine:hidden" />
        </Radix.Close>
      </div>
      <Command.List label="Found" className="palette-list">
        {groups.length === 0 && <p className="px-3 py-6 text-center text-ink-2">{isSearching ? 'Searching' : 'No matches.'}</p>}
        {groups.map(({ title, entries, more }) => (
          <Command.Group key={title} heading={more > 0 ? `${title}, and ${more} more by name` : title}>
            {entries.map((entry) => (
              <Row key={entry.id} entry={entry} onChoose={onChoose} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

function Row({ entry, onChoose }: { entry: PaletteEntry; onChoose: (run: () => void) => void }) {
  const { id, label, detail, icon, pip, keys, reason, run } = entry;
  return (
    <Command.Item value={id} disabled={Boolean(reason)} onSelect={() => onChoose(run)} className="palette-item">
      {icon && <Icon as={icon} />}
      {pip && <span className="pip" data-tone={pip} />}
      <span className="truncate font-medium">{label}</span>
      {detail && <span className="hidden min-w-0 truncate text-xs text-ink-3 sm:inline">{detail}</span>}
      <span className="ml-auto flex shrink-0 items-center gap-1 pl-2">
        {reason ? <span className="max-w-72 truncate text-xs">{reason}</span> : <Keys keys={keys} />}
      </span>
    </Command.Item>
  );
}

/** Nothing for a thumb. */
const Keys = ({ keys }: { keys: string | undefined }) =>
  keys && (
    <span className="flex gap-1 pointer-coarse:hidden">
      {keys.split(' ').map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  );
