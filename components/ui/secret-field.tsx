'use client';

import { Check, Copy, Eye, EyeOff } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { MASK } from '#lib/contract/snippets/mask.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import { useCopy } from './use-copy.ts';

const REVEALED_S = 60;

interface SecretFieldProps {
  /** What it is, read out with its buttons: "Pooled URL". */
  label: string;
  /** The text around the secret. */
  before?: string;
  after?: string;
  /** The secret while it is revealed; the caller forgets it in `onHide`. */
  secret: string | null;
  /** Asks for the secret (audited); `secret` follows. */
  onReveal: () => void;
  /** On a press and after 60 s. */
  onHide: () => void;
  /** The whole text with the secret in it, for the clipboard (audited); works masked too. Null where it could not be loaded: the caller says why. */
  onCopy: () => Promise<string | null>;
  /** While the secret is on its way. */
  busy?: boolean;
  /** Why neither may be done, such as the role that is needed. */
  disabledReason?: string | false;
}

/** A secret inside its text: masked until somebody asks, and then for 60 s. */
export function SecretField({ label, before = '', after = '', secret, onReveal, onHide, onCopy, busy, disabledReason }: SecretFieldProps) {
  const left = useCountdown(secret !== null, onHide);
  const { copied, copy } = useCopy(onCopy);
  return (
    <fieldset className="secret" data-state={secret === null ? 'masked' : 'revealed'} aria-label={label}>
      <code>
        {before}
        <span className="hole">
          {secret === null && <span className="sr-only">hidden</span>}
          <span aria-hidden={secret === null || undefined}>{secret ?? MASK}</span>
        </span>
        {after}
      </code>
      {secret !== null && (
        <span className="num shrink-0 pr-1 text-xs text-ink-3" role="timer" aria-label="Hidden again in">
          {left} s
        </span>
      )}
      <IconButton
        label={disabledReason || (secret === null ? `Reveal ${label}` : `Hide ${label}`)}
        icon={secret === null ? Eye : EyeOff}
        busy={busy}
        disabled={Boolean(disabledReason)}
        onClick={secret === null ? onReveal : onHide}
      />
      <Button kind="quiet" size="small" disabledReason={disabledReason} onClick={copy}>
        <Icon as={copied ? Check : Copy} />
        <span className="max-sm:sr-only" aria-live="polite">
          {copied ? 'Copied' : 'Copy'}
          <span className="sr-only"> {label}</span>
        </span>
      </Button>
    </fieldset>
  );
}

/** Counts down from 60 s while `running`, and says when it has ended. */
function useCountdown(running: boolean, onEnd: () => void): number {
  const [left, setLeft] = useState(REVEALED_S);
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    if (!running) return;
    const endAt = Date.now() + REVEALED_S * 1000;
    setLeft(REVEALED_S);
    const timer = setInterval(() => {
      const next = Math.max(0, Math.ceil((endAt - Date.now()) / 1000));
      setLeft(next);
      if (next === 0) end();
    }, 250);
    return () => clearInterval(timer);
  }, [running]);
  return left;
}
