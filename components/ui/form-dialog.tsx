'use client';

import type { LucideIcon } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';

interface FormDialogProps {
  title: ReactNode;
  description: ReactNode;
  /** The words at the foot's left end. */
  footNote?: ReactNode;
  /** Where the focus starts; else on the title. */
  firstFocus?: RefObject<HTMLElement | null>;
  /** At most 512 px wide instead of 928. */
  narrow?: boolean;
  /** The children reach the edges and bring their own space. */
  flush?: boolean;
  /** What the submit button does: a verb and a thing. */
  action: ReactNode;
  actionIcon?: LucideIcon;
  /** The act cannot be taken back. */
  danger?: boolean;
  /** While it is being done: what is being done. It takes no second submit then. */
  busy: string | false;
  /** Why it cannot be done now. */
  disabledReason?: string | false;
  /** Why it was not done; undefined: it was not refused. */
  problem: string | undefined;
  /** What the problem left as it was. */
  problemTitle: string;
  onSubmit: () => void;
  onClose: () => void;
  /** The button beside the submit button, where it is not Cancel. */
  other?: { label: string; onClick: () => void };
  /** A further button, before the others. */
  extra?: ReactNode;
  children?: ReactNode;
}

/** A question that is open while it is mounted: fields, Cancel, one submit button, and why it was refused. */
export function FormDialog({
  title,
  description,
  footNote,
  firstFocus,
  narrow,
  flush,
  action,
  actionIcon,
  danger,
  busy,
  disabledReason,
  problem,
  problemTitle,
  onSubmit,
  onClose,
  other = { label: 'Cancel', onClick: onClose },
  extra,
  children,
}: FormDialogProps) {
  const refusal = problem !== undefined && (
    <Notice tone="danger" role="alert" className={flush ? 'mx-5 mt-5' : ''} title={problemTitle}>
      {problem}
    </Notice>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow={narrow}
      title={title}
      description={description}
      footNote={footNote}
      firstFocus={firstFocus}
      onSubmit={() => !busy && !disabledReason && onSubmit()}
      actions={
        <>
          {extra}
          <Button onClick={other.onClick}>{other.label}</Button>
          <Button type="submit" kind={danger ? 'danger' : 'primary'} icon={actionIcon} className="max-sm:flex-1" busy={busy} disabledReason={disabledReason}>
            {action}
          </Button>
        </>
      }
    >
      {flush ? (
        <>
          {refusal}
          {children}
        </>
      ) : (
        (refusal || children) && (
          <div className={`grid p-5 ${narrow ? 'gap-4' : 'gap-5'}`}>
            {refusal}
            {children}
          </div>
        )
      )}
    </Dialog>
  );
}
