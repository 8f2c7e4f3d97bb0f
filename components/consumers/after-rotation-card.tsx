'use client';

import { type LucideIcon, UserRound } from 'lucide-react';
import { useHolders } from '#components/data/consumers.ts';
import { useIntegrationsOfLogin } from '#components/data/integrations.ts';
import { PROVIDERS, placeName } from '#components/data/providers.ts';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

/** While a rotation runs: who is told once it is proven, and by whom. */
export function AfterRotationCard({ project }: { project: ProjectWire }) {
  const holders = useHolders(project).data ?? [];
  const integrations = useIntegrationsOfLogin(project).data ?? [];
  if (holders.length === 0 && integrations.length === 0) return null;
  return (
    <Card title="Updated after the rotation">
      <ul className="list">
        {integrations.map((integration) => (
          <Row key={integration.id} icon={PROVIDERS[integration.provider].icon} name={placeName(integration)} by="automatically" />
        ))}
        {holders.length > 0 && <Row icon={UserRound} name={holders.map(({ name }) => name).join(', ')} by="by a person" />}
      </ul>
    </Card>
  );
}

const Row = ({ icon, name, by }: { icon: LucideIcon; name: string; by: string }) => (
  <li className="flex items-center gap-2.5 px-4 py-2">
    <Icon as={icon} className="text-ink-3" />
    <span className="min-w-0 flex-1 truncate">{name}</span>
    <span className="text-xs text-ink-3">{by}</span>
  </li>
);
