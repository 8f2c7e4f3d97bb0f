'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';

const KEY = 'rekey.single-keys';
const CHANGED = 'rekey:single-keys';

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  return () => window.removeEventListener(CHANGED, onChange);
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

/** Whether single keys act in this browser; some people's tools press them by themselves. */
export function useSingleKeys(): readonly [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, read, () => true);
  const set = useCallback((next: boolean) => {
    try {
      if (next) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, 'off');
    } catch {
      // A browser that keeps nothing: the keys stay as they are.
    }
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [on, set];
}

/** When the first key of a sequence was pressed: the next one belongs to it and does nothing of its own. */
let sequenceStartedAt = Number.NEGATIVE_INFINITY;
const SEQUENCE_MS = 1000;
const endSequence = () => {
  sequenceStartedAt = Number.NEGATIVE_INFINITY;
};

const OVERLAY = '[role="dialog"],[role="alertdialog"],[role="menu"]';

/**
 * Binds a single key, or a sequence such as `g>o`, to an act of the page.
 * It does nothing in fields, under a dialog or menu, and where single keys are turned off.
 */
export function useShortcut(key: string, act: () => void, options: { enabled?: boolean; preventDefault?: boolean } = {}): void {
  const [on] = useSingleKeys();
  const { enabled = true, preventDefault = true } = options;
  const [first = key, ...rest] = key.split('>');
  const isSequence = rest.length > 0;
  useHotkeys(
    first,
    () => {
      sequenceStartedAt = performance.now();
    },
    { enabled: on && enabled && isSequence },
  );
  useHotkeys(
    key,
    (event) => {
      if (document.querySelector(OVERLAY)) return;
      if (!isSequence && performance.now() - sequenceStartedAt < SEQUENCE_MS) return;
      // The other handlers of this very press come first.
      if (isSequence) setTimeout(endSequence);
      if (preventDefault) event.preventDefault();
      act();
    },
    { enabled: on && enabled, useKey: key === '?', sequenceTimeoutMs: SEQUENCE_MS },
    [act],
  );
}

/** ⌘K or Ctrl+K, also in fields; not over another dialog. It is no single key, so that turning those off leaves it. */
export function usePaletteKey(open: () => void): void {
  useHotkeys(
    'mod+k',
    (event) => {
      // The browser's own search would open too.
      event.preventDefault();
      if (!document.querySelector(OVERLAY)) open();
    },
    { enableOnFormTags: true, enableOnContentEditable: true },
    [open],
  );
}
