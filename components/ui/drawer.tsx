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
  /** Under the title. */
  aside?: ReactNode;
  /** Buttons before the one that closes it. */
  actions?: ReactNode;
  /** Keeps the title for readers only and draws no head: the content brings its own. */
  bare?: boolean;
  side?: 'left' | 'right';
  children: ReactNode;
}

/** A panel from the side: more about one thing, or the navigation on a phone. */
export function Drawer({ open, onOpenChange, title, aside, actions, bare, side = 'right', children }: DrawerProps) {
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
            <header className="flex items-start gap-2 border-b border-line py-3 pr-3 pl-5">
              <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                <Radix.Title ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
                  {title}
                </Radix.Title>
                {aside}
              </div>
              {actions}
              <IconButton label="Close" icon={X} onClick={() => onOpenChange(false)} />
            </header>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
