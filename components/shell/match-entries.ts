export interface PaletteGroup<E> {
  title: string;
  entries: E[];
  /** How many more would match. */
  more: number;
}

interface Searchable {
  /** What can be typed to find it, the name first. */
  words: string;
}

export const MOST_IN_GROUP = 8;

/** 3: it begins so; 2: a word in it does; 1: it stands somewhere within; 0: not at all. */
function scoreOf({ words }: Searchable, search: string): number {
  const text = words.toLowerCase();
  const asked = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!asked.every((word) => text.includes(word))) return 0;
  const [first = ''] = asked;
  if (text.startsWith(first)) return 3;
  return text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(first)) ? 2 : 1;
}

/** What matches every word of the search, the best first, of `total` that do; a group whose best is better stands above. */
export function matchEntries<E extends Searchable>(groups: { title: string; entries: E[]; total?: number | undefined }[], search: string): PaletteGroup<E>[] {
  return groups
    .map(({ title, entries, total = 0 }) => {
      const found = entries.map((entry) => ({ entry, score: scoreOf(entry, search) })).filter(({ score }) => score > 0);
      const sorted = found.toSorted((a, b) => b.score - a.score);
      const shown = sorted.slice(0, MOST_IN_GROUP);
      return { title, entries: shown.map(({ entry }) => entry), more: Math.max(sorted.length, total) - shown.length, best: sorted[0]?.score ?? 0 };
    })
    .filter(({ best }) => best > 0)
    .toSorted((a, b) => b.best - a.best)
    .map(({ title, entries, more }) => ({ title, entries, more }));
}
