'use client';

import { createContext, useContext, useState } from 'react';

/** Which projects of the overview are selected. */
export interface Selection {
  /** Those that were ticked, unless all that match are selected. */
  ids: ReadonlySet<string>;
  /** All that match the filter, on the page or not. */
  isAll: boolean;
  isSelected: (id: string) => boolean;
  toggle: (id: string) => void;
  /** Ticks these, or takes their ticks away. */
  set: (ids: readonly string[], on: boolean) => void;
  selectAll: () => void;
  clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/** A selection that ends when `filter` changes: it was made among what was shown. */
export function useNewSelection(filter: string): Selection {
  const [state, setState] = useState({ filter, ids: NONE, isAll: false });
  const { ids, isAll } = state.filter === filter ? state : { ids: NONE, isAll: false };
  const change = (next: ReadonlySet<string>, all = false) => setState({ filter, ids: next, isAll: all });
  const set = (some: readonly string[], on: boolean) => {
    const next = new Set(ids);
    for (const id of some) on ? next.add(id) : next.delete(id);
    change(next);
  };
  return {
    ids,
    isAll,
    isSelected: (id) => isAll || ids.has(id),
    toggle: (id) => set([id], !ids.has(id)),
    set,
    selectAll: () => change(ids, true),
    clear: () => change(NONE),
  };
}

export const SelectionContext = createContext<Selection | null>(null);

/** The box that selects a project; nothing where the page has no selection. */
export function SelectBox({ id, name }: { id: string; name: string }) {
  const selection = useContext(SelectionContext);
  if (!selection) return null;
  return <input type="checkbox" className="check" aria-label={`Select ${name}`} checked={selection.isSelected(id)} onChange={() => selection.toggle(id)} />;
}

/** The box that selects all projects that are shown. */
export function SelectShown({ ids }: { ids: readonly string[] }) {
  const selection = useContext(SelectionContext);
  if (!selection) return null;
  const selected = ids.filter((id) => selection.isSelected(id)).length;
  return (
    <input
      type="checkbox"
      className="check"
      aria-label="Select all projects that are shown"
      checked={selected > 0 && selected === ids.length}
      ref={(box) => {
        if (box) box.indeterminate = selected > 0 && selected < ids.length;
      }}
      onChange={({ target }) => selection.set(ids, target.checked)}
    />
  );
}

/** Whether a row is selected; undefined where nothing can be. */
export function useIsSelected(id: string): boolean | undefined {
  return useContext(SelectionContext)?.isSelected(id);
}
