import type { ProjectWire } from '#lib/http/wire/project.ts';
import type { Standing } from './standing.ts';

export type OverviewView = 'all' | 'production' | 'non_production';

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
