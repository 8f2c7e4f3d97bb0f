'use client';

import { UserRound } from 'lucide-react';
import type { Holder } from '#components/data/consumers.ts';
import { Icon } from '#components/ui/icon.tsx';
import { CONSUMER_KINDS } from './consumer-kinds.ts';
import { aboutConsumer } from './consumer-words.ts';

/** In the rotate dialog: whom a person has to tell afterwards. */
export function ManualConsumersNotice({ holders }: { holders: readonly Holder[] }) {
  return (
    <section aria-labelledby="must-be-told">
      <h3 id="must-be-told" className="flex items-center gap-2 font-semibold">
        <Icon as={UserRound} className="text-warn" />
        To be updated by a person <span className="num font-normal text-ink-3">{holders.length}</span>
      </h3>
      <ul className="mt-1.5">
        {holders.map((holder) => (
          <li key={holder.id} className="flex items-baseline gap-2.5 py-1">
            <Icon as={CONSUMER_KINDS[holder.kind].icon} className="translate-y-0.5 text-ink-3" />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              <b className="font-medium">{holder.name}</b>{' '}
              <span className="text-ink-3">
                {aboutConsumer(holder)}
                {holder.ofProject !== null && ` · of the project ${holder.ofProject}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="hint">New logins from these fail until they have the new URL. You get a checklist.</p>
    </section>
  );
}
