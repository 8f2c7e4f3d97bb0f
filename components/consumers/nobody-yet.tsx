'use client';

import { Clock, type LucideIcon } from 'lucide-react';
import { PROVIDER_NAMES, PROVIDERS, type Provider } from '#components/data/providers.ts';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';

interface NobodyYetProps {
  /** Why nobody can be written down now, or false. */
  reason: string | false;
  onConnect: (provider: Provider) => void;
  onWriteDown: () => void;
}

/** Where no consumer is known: the ways to name one. */
export function NobodyYet({ reason, onConnect, onWriteDown }: NobodyYetProps) {
  const roleReason = useRoleReason('admin');
  return (
    <>
      <div className="px-4 py-4">
        <p className="font-semibold text-base">What holds this URL?</p>
        <p className="mt-0.5 text-ink-2">List it now: the next rotation updates the first three automatically and gives you a checklist for the rest.</p>
      </div>
      <ul className="list border-t border-line">
        {PROVIDER_NAMES.map((provider) => (
          <Way
            key={provider}
            icon={PROVIDERS[provider].icon}
            name={PROVIDERS[provider].fullName}
            act="Connect"
            reason={roleReason || reason}
            onClick={() => onConnect(provider)}
          />
        ))}
        <Way icon={Clock} name="A cron job, a laptop, a vault" act="Add" reason={reason} onClick={onWriteDown} />
      </ul>
    </>
  );
}

interface WayProps {
  icon: LucideIcon;
  name: string;
  act: string;
  reason: string | false;
  onClick: () => void;
}

const Way = ({ icon, name, act, reason, onClick }: WayProps) => (
  <li className="flex items-center gap-3 py-1.5 pr-2 pl-4">
    <Icon as={icon} className="text-ink-3" />
    <span className="flex-1 font-medium">{name}</span>
    <Button size="small" aria-label={`${act}: ${name}`} disabledReason={reason} onClick={onClick}>
      {act}
    </Button>
  </li>
);
