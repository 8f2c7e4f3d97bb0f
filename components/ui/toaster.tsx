'use client';

import { X } from 'lucide-react';
import dynamic from 'next/dynamic';
import type { CSSProperties } from 'react';
import { IconButton } from './icon-button.tsx';
import { State, type StateKind } from './state.tsx';

// Loaded after the page: no toast appears before somebody has acted.
const Sonner = dynamic(() => import('sonner').then((module) => module.Toaster), { ssr: false });

const LOOK = { fontFamily: 'inherit', '--width': '30rem' } as CSSProperties;

/** The place where toasts stand; once in the shell. */
export function Toaster() {
  return <Sonner position="bottom-right" duration={6000} visibleToasts={3} style={LOOK} toastOptions={{ unstyled: true, className: 'w-full' }} />;
}

/** A toast, only for what is not on the page; an error is never a toast alone. */
export function showToast(kind: StateKind, title: string, text?: string): void {
  void import('sonner').then(({ toast }) =>
    toast.custom((id) => (
      <div className="toast ml-auto w-fit max-w-full">
        <State kind={kind}>{title}</State>
        {text && <span className="min-w-0 text-ink-2">{text}</span>}
        <IconButton label="Dismiss" icon={X} onClick={() => toast.dismiss(id)} />
      </div>
    )),
  );
}
