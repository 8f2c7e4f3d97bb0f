'use client';

import { UserRound } from 'lucide-react';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { useHolders } from './queries.ts';

/** While a rotation runs: who is told once it is proven, and by whom. */
export function ToldCard({ project }: { project: ProjectWire }) {
  const holders = useHolders(project).data ?? [];
  if (holders.length === 0) return null;
  return (
    <Card title="Told once it is proven">
      <ul className="list">
        <li className="flex items-center gap-2.5 px-4 py-2">
          <Icon as={UserRound} className="text-ink-3" />
          <span className="min-w-0 flex-1 truncate">{holders.map(({ name }) => name).join(', ')}</span>
          <span className="text-xs text-ink-3">by a person</span>
        </li>
      </ul>
    </Card>
  );
}
