'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from 'react';
import { IconButton } from './icon-button.tsx';
import { useFocusReturn } from './use-focus-return.ts';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** A badge behind the title. */
  badge?: ReactNode;
  description: ReactNode;
  /** The words at the foot's left end. */
  footNote?: ReactNode;
  /** The foot's buttons, the primary one last. It stays in sight when the body scrolls. */
  actions: ReactNode;
  /** Makes the dialog a form: what Enter and the submit button do. */
  onSubmit?: () => void;
  /** Where the focus starts; else on the title. */
  firstFocus?: RefObject<HTMLElement | null>;
  /** At most 512 px wide instead of 928. */
  narrow?: boolean;
  /** It shows what is shown once: Esc and a press beside it do not close it, its own button does. */
  staysOpen?: boolean;
  children?: ReactNode;
}

/** The focus starts on the title, and Enter there answers the question as it does in a field. */
function submitOnEnter({ key, currentTarget }: KeyboardEvent<HTMLElement>): void {
  if (key === 'Enter') currentTarget.closest('form')?.requestSubmit();
}

/** A question over the page; on phones a sheet from the bottom. */
export function Dialog({ open, onOpenChange, title, badge, description, footNote, actions, onSubmit, firstFocus, narrow, staysOpen, children }: DialogProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const focus = useFocusReturn(firstFocus ?? heading);
  const keepOpen = (event: Event) => staysOpen && event.preventDefault();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className={`dialog ${narrow ? 'sm:!max-w-[32rem]' : ''}`} {...focus} onEscapeKeyDown={keepOpen} onInteractOutside={keepOpen}>
          <form
            method="post"
            noValidate
            className="flex min-h-0 flex-col"
            onSubmit={(event) => {
              event.preventDefault();
              event.stopPropagation();
              onSubmit?.();
            }}
          >
            <header className="flex items-start gap-3 border-b border-line px-5 pt-4 pb-3.5">
              <div className="min-w-0 flex-1">
                <Radix.Title
                  ref={heading}
                  tabIndex={-1}
                  onKeyDown={submitOnEnter}
                  className="flex flex-wrap items-center gap-2 text-md font-semibold outline-none"
                >
                  {title} {badge}
                </Radix.Title>
                <Radix.Description className="mt-0.5 text-ink-2">{description}</Radix.Description>
              </div>
              {!staysOpen && <IconButton label="Close" icon={X} onClick={() => onOpenChange(false)} />}
            </header>
            {children && <div className="min-h-0 overflow-y-auto">{children}</div>}
            <footer className="flex flex-wrap items-center gap-2 border-t border-line bg-canvas px-5 py-3">
              <p className={`min-w-0 flex-1 text-xs text-ink-3 ${footNote ? 'basis-60 max-sm:basis-full' : 'max-sm:hidden'}`}>{footNote}</p>
              {actions}
            </footer>
          </form>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
