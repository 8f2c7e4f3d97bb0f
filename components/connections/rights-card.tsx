'use client';

import { Check, type LucideIcon, Minus, RotateCw, X } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ProjectWire, RightsWire } from '#lib/contract/project.ts';
import type { ConnectionCheck } from './use-connection-check.ts';

const MARKS: Record<RightsWire['notes'][number]['tone'], { icon: LucideIcon; className: string; name: string }> = {
  ok: { icon: Check, className: 'text-ok', name: 'Works: ' },
  warn: { icon: Minus, className: 'text-warn', name: 'Limited: ' },
  danger: { icon: X, className: 'text-danger', name: 'Does not work: ' },
};

/** What the login may do on the server, as found out by the last check: what will work and what will not. */
export function RightsCard({ project, prove }: { project: ProjectWire; prove: ConnectionCheck }) {
  if (!project.rights) return project.state === 'verifying' ? <RightsSkeleton /> : null;
  return (
    <Card
      title="What Rekey may do here"
      actions={
        <Button kind="quiet" size="small" icon={RotateCw} busy={prove.isBusy && 'Checking'} disabledReason={prove.reason} onClick={prove.start}>
          Check again
        </Button>
      }
    >
      <ul className="list">
        {project.rights.notes.map(({ tone, text }) => {
          const { icon, className, name } = MARKS[tone];
          return (
            <li key={text} className="flex gap-3 px-4 py-2.5">
              <Icon as={icon} className={`mt-0.5 ${className}`} />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="sr-only">{name}</span>
                {text}{' '}
                {tone !== 'ok' && needsSettings(text) && (
                  <Link className="link" href={`/projects/${project.id}/settings`}>
                    Open the settings
                  </Link>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const RightsSkeleton = () => (
  <Card title="What Rekey may do here" aside="checking; nothing is changed">
    <Loading label="Checking the rights" className="px-4 py-1">
      {['46%', '58%', '39%'].map((width) => (
        <div key={width} className="flex h-10 items-center gap-3">
          <SkeletonBar width="1rem" />
          <SkeletonBar width={width} />
        </div>
      ))}
    </Loading>
  </Card>
);

const needsSettings = (text: string): boolean => text.includes('Settings') || text.includes('pooled URL') || text.includes('URL of the primary');
