'use client';

import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { PlainDiv } from './plain-div.tsx';

interface TabsProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  tabs: readonly { value: V; label: ReactNode }[];
  /** Stands right of the tabs, such as a Segmented. */
  aside?: ReactNode;
  /** The chosen tab's panel. */
  children: ReactNode;
}

/** Small tabs inside a card; the caller draws the chosen panel. */
export function Tabs<V extends string>({ label, value, onChange, tabs, aside, children }: TabsProps<V>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as V)}>
      <div className="flex items-center gap-3 border-b border-line pr-3 max-sm:flex-wrap max-sm:pb-2">
        <Radix.List asChild className="tabs tabs-sm min-w-0 flex-1 !border-0 pl-2 max-sm:basis-full" aria-label={label}>
          <PlainDiv>
            {tabs.map((tab) => (
              <Radix.Trigger key={tab.value} value={tab.value}>
                {tab.label}
              </Radix.Trigger>
            ))}
          </PlainDiv>
        </Radix.List>
        {aside}
      </div>
      <Radix.Content asChild value={value}>
        <PlainDiv>{children}</PlainDiv>
      </Radix.Content>
    </Radix.Root>
  );
}
