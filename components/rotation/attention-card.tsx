import { Lock, type LucideIcon, RotateCw, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { CheckNow } from '#components/connections/check-now.tsx';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { failureAdvice } from './failure-advice.ts';

/** What happens by itself, what a person can do, and what is off until then. */
export function AttentionCard({ rotation, project, noWorker }: { rotation: RotationWire; project: ProjectWire; noWorker: boolean }) {
  const { short, todo } = failureAdvice(rotation.error_code, project.engine);
  return (
    <Card className="p-4" aria-labelledby="next">
      <h2 id="next" className="font-semibold">
        What happens next
      </h2>
      <ol className="mt-2 grid gap-1.5 text-ink-2">
        <Row icon={RotateCw} name="Automatically:">
          {noWorker
            ? 'nothing until a worker runs. It then tries one login with each password.'
            : 'Rekey keeps trying one login with each password. The first definite answer settles the rotation, forward or back.'}
        </Row>
        <Row icon={UserRound} tone="text-warn" name="By you:">
          {todo.replace(/, then try again\.$/, '.')} The last answer of <code>{project.public_host}</code>: {short}.
        </Row>
        <Row icon={Lock} name="Until then:">
          no other rotation of <code>{project.role_name}</code> can start.
        </Row>
      </ol>
      <p className="mt-3 flex flex-wrap items-center gap-2">
        <CheckNow project={project} />
        <span className="text-xs text-ink-3">Tries both passwords at once instead of waiting for the next check.</span>
      </p>
    </Card>
  );
}

function Row({ icon, name, tone = 'text-ink-3', children }: { icon: LucideIcon; name: string; tone?: string; children: ReactNode }) {
  return (
    <li className="flex gap-2.5">
      <Icon as={icon} className={`mt-0.5 ${tone}`} />
      <span className="min-w-0">
        <b className="font-medium text-ink">{name}</b> {children}
      </span>
    </li>
  );
}
