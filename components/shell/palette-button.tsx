'use client';

import { Search } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Icon } from '#components/ui/icon.tsx';
import { Kbd } from '#components/ui/kbd.tsx';

const isApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How the key of the palette is written on this machine. */
export const usePaletteKeys = (): string =>
  useSyncExternalStore(
    () => () => {},
    () => (isApple() ? '⌘K' : 'Ctrl K'),
    () => '⌘K',
  );

/** Looks like a search field, and opens the palette. */
export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  const keys = usePaletteKeys();
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-keyshortcuts="Meta+K Control+K"
      className="mb-2 flex h-(--size-control) shrink-0 items-center gap-2 rounded-md border border-line bg-surface px-2 text-ink-3 hover:bg-hover"
      onClick={onOpen}
    >
      <Icon as={Search} />
      <span className="flex-1 truncate text-left">Search or jump to</span>
      <span className="pointer-coarse:hidden" aria-hidden="true">
        <Kbd>{keys}</Kbd>
      </span>
    </button>
  );
}
