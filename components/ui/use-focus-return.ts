'use client';

import { useMemo, useRef } from 'react';

/**
 * Handlers for a Radix Dialog that is opened without a Trigger: focus starts on `first` (else where Radix puts it)
 * and goes back to where it was.
 */
export function useFocusReturn(first?: { readonly current: HTMLElement | null }) {
  const before = useRef<Element | null>(null);
  return useMemo(
    () => ({
      onOpenAutoFocus: (event: Event) => {
        before.current = document.activeElement;
        if (!first?.current) return;
        event.preventDefault();
        first.current.focus();
      },
      onCloseAutoFocus: (event: Event) => {
        event.preventDefault();
        if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
      },
    }),
    [first],
  );
}
