'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { IconButton } from './icon-button.tsx';
import { useFocusReturn } from './use-focus-return.ts';

interface DrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Keeps the title for readers only and draws no head: the content brings its own. */
  bare?: boolean;
  side?: 'left' | 'right';
  children: ReactNode;
}

/** A panel from the side: more about one thing, or the navigation on a phone. */
export function Drawer({ open, onOpenChange, title, bare, side = 'right', children }: DrawerProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const focus = useFocusReturn(heading);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="drawer" data-side={side} {...focus} aria-describedby={undefined}>
          {bare ? (
            <Radix.Title className="sr-only">{title}</Radix.Title>
          ) : (
            <header className="flex items-center gap-3 border-b border-line px-5 py-3">
              <Radix.Title ref={heading} tabIndex={-1} className="min-w-0 flex-1 text-md font-semibold outline-none">
                {title}
              </Radix.Title>
              <IconButton label="Close" icon={X} onClick={() => onOpenChange(false)} />
            </header>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
