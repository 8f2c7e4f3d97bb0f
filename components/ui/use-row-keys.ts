'use client';

import { useShortcut } from './use-shortcut.ts';

/** Moves the focus by `by` rows: onto the link of the row, so that Enter opens it and readers hear it. */
function moveFocus(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[now === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by))];
  next?.querySelector('a')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** The project of the row that has the focus. */
const focusedRow = (): string | undefined => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row;

/** `J` and `K` go down and up the rows of the page, `X` selects the one that has the focus, where rows can be selected. */
export function useRowKeys(toggle?: (id: string) => void): void {
  useShortcut('j', () => moveFocus(1));
  useShortcut('k', () => moveFocus(-1));
  const select = () => {
    const id = focusedRow();
    if (id !== undefined) toggle?.(id);
  };
  useShortcut('x', select, { enabled: toggle !== undefined });
}
