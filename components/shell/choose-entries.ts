import type { Standing } from '#components/data/standing.ts';

export interface SidebarEntry {
  id: string;
  name: string;
  href: string;
  pip: Standing['pip'];
  /** As `aria-current` says it. */
  current: 'page' | 'true' | undefined;
}

const URGENCY: readonly Standing['pip'][] = ['danger', 'warn', 'accent', 'ok'];

/** What needs somebody first; entries that stand alike keep their order. */
export const worstFirst = (entries: SidebarEntry[]): SidebarEntry[] => entries.toSorted((a, b) => URGENCY.indexOf(a.pip) - URGENCY.indexOf(b.pip));

/** At most so many, in the order given: the one that is open, then those that need somebody, are never left out for others. */
export function chooseEntries(entries: SidebarEntry[], most: number): SidebarEntry[] {
  if (entries.length <= most) return entries;
  const rank = ({ current, pip }: SidebarEntry) => (current ? -1 : URGENCY.indexOf(pip));
  const chosen = new Set(entries.toSorted((a, b) => rank(a) - rank(b)).slice(0, most));
  return entries.filter((entry) => chosen.has(entry));
}
