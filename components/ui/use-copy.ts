'use client';

import { useCallback, useEffect, useState } from 'react';

/** Puts a text that is still on its way into the clipboard. False where there is no text, or the browser refuses. */
export async function writeClipboard(coming: Promise<string | null>): Promise<boolean> {
  try {
    // The clipboard exists on HTTPS and localhost only; Safari wants the promise itself, inside the press.
    if (window.isSecureContext && navigator.clipboard && 'ClipboardItem' in window) return await writeItem(coming);
    const text = await coming;
    return text !== null && copySelection(text);
  } catch {
    return false;
  }
}

async function writeItem(coming: Promise<string | null>): Promise<boolean> {
  const blob = coming.then((text) => {
    if (text === null) throw new Error('nothing to copy');
    return new Blob([text], { type: 'text/plain' });
  });
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
  return true;
}

/** For plain HTTP in a company's network: the older command, on a field outside the screen. */
function copySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('readonly', '');
  field.style.cssText = 'position:fixed;top:-100px';
  // Inside an open dialog only its own content may take focus.
  const host = document.querySelector('[role="dialog"]') ?? document.body;
  host.append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } finally {
    field.remove();
  }
}

const COPIED_MS = 2000;

/** Copies what `text` resolves to (null: nothing) and says so for 2 s. */
export function useCopy(text: () => Promise<string | null>): { copied: boolean; copy: () => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback(async () => {
    setCopied(await writeClipboard(text()));
  }, [text]);
  return { copied, copy };
}
