import { CircleCheck, Database, KeyRound, type LucideIcon, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from '#components/ui/icon.tsx';

interface HowItGoesProps {
  fromVersion: number;
  toVersion: number;
  hasPooler: boolean;
}

/** What happens after the press, in the order it happens. */
export function HowItGoes({ fromVersion: from, toVersion: to, hasPooler }: HowItGoesProps) {
  const places = hasPooler ? ', direct and pooled' : '';
  return (
    <section aria-labelledby="how-it-goes">
      <h3 id="how-it-goes" className="font-semibold">
        What happens
      </h3>
      <ol className="mt-1.5">
        <Row icon={Database} name={`v${to} is stored here`}>
          encrypted, before the server is touched
        </Row>
        <Row icon={KeyRound} name={`v${to} logs in${places}`}>
          only then does Rekey hand it out
        </Row>
        <Row icon={CircleCheck} name={`v${from} is rejected${places}`}>
          only then is the rotation completed
        </Row>
        <Row icon={Undo2} name={`If v${to} is rejected`}>
          v{from} is restored and verified by a login
        </Row>
      </ol>
      <p className="hint">No integration or manual consumer is listed. Anything else that holds the URL needs the new one from Connections afterwards.</p>
    </section>
  );
}

function Row({ icon, name, children }: { icon: LucideIcon; name: string; children: ReactNode }) {
  return (
    <li className="flex items-baseline gap-2.5 py-1">
      <Icon as={icon} className="translate-y-0.5 text-ink-3" />
      <span className="min-w-0 flex-1">
        <b className="font-medium">{name}</b> <span className="text-ink-3">{children}</span>
      </span>
    </li>
  );
}
