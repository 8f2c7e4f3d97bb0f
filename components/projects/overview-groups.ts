import type { Standing } from '#components/data/standing.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

export const VIEWS = ['all', 'production', 'non_production'] as const;
export type OverviewView = (typeof VIEWS)[number];

/** Those that need a person stand by urgency unless another order is chosen. */
export const SORTS = [
  { value: 'name', label: 'Name' },
  { value: '-age', label: 'Oldest password' },
  { value: 'age', label: 'Newest password' },
  { value: '-created_at', label: 'Last added' },
] as const;
export type OverviewSort = (typeof SORTS)[number]['value'];
export const DEFAULT_SORT: OverviewSort = 'name';

export interface OverviewRow {
  project: ProjectWire;
  standing: Standing;
}

/** More rows of a group, where there are any. */
interface More {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

export interface OverviewGroup {
  title: string;
  /** How many there are in all. */
  total: number;
  rows: OverviewRow[];
  more: More;
}
