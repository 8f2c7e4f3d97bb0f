'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { setStyle } from './set-style.ts';

/** A grey bar of the size of what comes; `width` as CSS has it. */
export function SkeletonBar({ width, className }: { width: string; className?: string }) {
  return <span className={`skeleton ${className ?? ''}`} ref={setStyle({ width })} />;
}

const DELAY_MS = 150;

/** Holds a skeleton back for 150 ms: what is faster needs none. The room is kept from the start. */
export function Loading({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} className={`${className ?? ''} ${shown ? '' : 'invisible'}`}>
      {children}
    </div>
  );
}

/** Rows that are on their way. */
export function RowsSkeleton({ label }: { label: string }) {
  return (
    <Loading label={label} className="px-4 py-1">
      {['52%', '44%', '60%', '38%'].map((width) => (
        <div key={width} className="flex h-11 items-center justify-between gap-6">
          <SkeletonBar width={width} />
          <SkeletonBar width="4rem" />
        </div>
      ))}
    </Loading>
  );
}
