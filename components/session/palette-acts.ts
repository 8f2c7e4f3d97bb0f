'use client';

import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';

/** Something that can be done on the page that is open; it does what its button does there. */
export interface PaletteAct {
  label: string;
  icon: LucideIcon;
  /** As the list of keys writes them: `R`, `G C`. */
  keys?: string;
  /** Why it cannot be done now, or false. */
  reason?: string | false;
  run: () => void;
}

const offered = new Map<symbol, { rank: number; acts: readonly PaletteAct[] }>();

/** Offers acts in the palette while the component stands on the page; those of a lower rank come first. */
export function usePaletteActs(rank: number, acts: readonly PaletteAct[]): void {
  const key = useRef(Symbol('acts')).current;
  useEffect(() => {
    offered.set(key, { rank, acts });
  });
  useEffect(() => () => void offered.delete(key), [key]);
}

/** What the page offers at this moment. */
export const readPaletteActs = (): PaletteAct[] => [...offered.values()].sort((a, b) => a.rank - b.rank).flatMap(({ acts }) => acts);
