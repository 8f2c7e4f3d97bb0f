import type { FoundPlace } from './integration.ts';

/** What a provider gives at once, and how many times it is asked. */
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

interface Wanted {
  search: string | undefined;
  limit: number;
}

/** Pages through a list that cannot be searched, until enough is found. `null` stands for a place that the token cannot change. */
export async function findInPages(
  { search = '', limit }: Wanted,
  readPage: (page: number, size: number) => Promise<(FoundPlace | null)[]>,
): Promise<FoundPlace[]> {
  const found: FoundPlace[] = [];
  for (let page = 1; page <= MAX_PAGES && found.length < limit; page++) {
    const places = await readPage(page, PAGE_SIZE);
    found.push(...places.filter((place) => place !== null).filter(({ name }) => name.toLowerCase().includes(search.toLowerCase())));
    if (places.length < PAGE_SIZE) break;
  }
  return found.slice(0, limit);
}
