import type { ReactNode } from 'react';

/** A keycap. Inside a button it is decoration: `aria-keyshortcuts` on the button says it to readers. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd>{children}</kbd>;
}
