'use client';

import { useEffect, useRef, useState } from 'react';
import { type AuditFilters, OUTCOMES, type Outcome, PERIODS, type Period } from '#components/data/audit-filters.ts';
import { useProjectChoices } from '#components/data/projects.ts';
import { FilterSelect } from '#components/ui/filter-select.tsx';
import { SearchInput } from '#components/ui/search-input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { useShortcut } from '#components/ui/use-shortcut.ts';

interface FilterBarProps {
  filters: AuditFilters;
  onChange: (change: Partial<AuditFilters>) => void;
  actions: readonly string[];
  actors: readonly string[];
  isLive: boolean;
  onLive: (isLive: boolean) => void;
}

const TYPING_MS = 250;

/** `project.credentials_rotated` as `project: credentials rotated`. */
const actionWords = (action: string): string => action.replaceAll('_', ' ').replace('.', ': ');

const asOptions = <V extends string>(values: readonly V[], words: (value: V) => string = (value) => value) =>
  values.map((value) => ({ value, label: words(value) }));

/** Search, filters and whether new records come in by themselves. */
export function FilterBar({ filters, onChange, actions, actors, isLive, onLive }: FilterBarProps) {
  const projects = useProjectChoices() ?? [];
  const periods = Object.keys(PERIODS) as Period[];
  return (
    <div className="mt-5 mb-3 flex flex-wrap items-center gap-2">
      <SearchField text={filters.q} onChange={(q) => onChange({ q })} />
      <FilterSelect label="Action" value={filters.action} onChange={(action) => onChange({ action })} options={asOptions(actions, actionWords)} />
      <FilterSelect label="Actor" value={filters.actor} onChange={(actor) => onChange({ actor })} options={asOptions(actors)} />
      <FilterSelect
        label="Project"
        value={filters.project}
        onChange={(project) => onChange({ project })}
        options={projects.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <FilterSelect
        label="Outcome"
        value={filters.outcome}
        onChange={(outcome) => onChange({ outcome })}
        options={asOptions(Object.keys(OUTCOMES) as Outcome[], (outcome) => OUTCOMES[outcome])}
      />
      <FilterSelect label="Time" value={filters.since} onChange={(since) => onChange({ since })} options={asOptions(periods, (period) => PERIODS[period])} />
      <span className="spacer" />
      <span className="text-xs text-ink-2">
        <Switch checked={isLive} onChange={onLive}>
          Live
        </Switch>
      </span>
    </div>
  );
}

/** Asks once the typing pauses. */
function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  useShortcut('f', () => input.current?.focus());
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => tell.current(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return <SearchInput ref={input} label="Search the log" placeholder="Search" value={typed} onChange={setTyped} className="w-full sm:w-64" />;
}
