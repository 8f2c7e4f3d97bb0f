'use client';

import { Check, CircleDashed, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useUpdateProject } from '#components/data/projects.ts';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { ConnectionTestBody, ConnectionTestWire } from '#lib/contract/connection-test.ts';

type Step = ConnectionTestWire['steps'][number];

const NAMES: Record<Step['step'], string> = { reachable: 'Reachable', tls: 'TLS', login: 'Login', rights: 'Rights', pooler: 'Pooler' };
const MARKS: Record<Step['result'], { icon: LucideIcon; className: string; name: string }> = {
  ok: { icon: Check, className: 'text-ok', name: 'passed' },
  warn: { icon: TriangleAlert, className: 'text-warn', name: 'passed, with a warning' },
  failed: { icon: X, className: 'text-danger', name: 'failed' },
  not_tried: { icon: CircleDashed, className: 'text-ink-3', name: 'not tried' },
};

interface ConnectionStepsProps {
  result: ConnectionTestWire;
  fields: ConnectionTestBody;
  /** What was not done because the login failed, such as "The database was not added: the login failed." */
  failed: string;
}

/** What a test of a login found, step by step, and how it goes on where the login failed. */
export function ConnectionSteps({ result: { logs_in: logsIn, steps, unproven_project: unproven }, fields, failed }: ConnectionStepsProps) {
  return (
    <section aria-label="Connection test" role="status" className="grid gap-3">
      <ul className="list rounded-md border border-line">
        {steps.map(({ step, result, text }) => (
          <li key={step} className="grid grid-cols-[1rem_5rem_1fr] items-start gap-x-3 px-3 py-2">
            <Icon as={MARKS[result].icon} className={`mt-0.5 ${MARKS[result].className}`} />
            <b className="font-medium">
              {NAMES[step]}
              <span className="sr-only"> {MARKS[result].name}</span>
            </b>
            <span className={`min-w-0 [overflow-wrap:anywhere] ${result === 'failed' ? 'text-danger-ink' : 'text-ink-2'}`}>{text}</span>
          </li>
        ))}
      </ul>
      {!logsIn && (
        <Notice tone="warn" title={failed}>
          Nothing was saved. Correct the URL and test it again, or save it anyway if it will work later.
        </Notice>
      )}
      {unproven && <Unproven project={unproven} fields={fields} logsIn={logsIn} />}
    </section>
  );
}

/** A project that keeps this login, and whose password has never worked: it can be given this URL in place of a second one. */
function Unproven({ project, fields, logsIn }: { project: NonNullable<ConnectionTestWire['unproven_project']>; fields: ConnectionTestBody; logsIn: boolean }) {
  const router = useRouter();
  const update = useUpdateProject(project.id);
  const fix = () => update.mutate(fields, { onSuccess: () => router.push(`/projects/${project.id}/connections`) });
  return (
    <Notice
      tone="info"
      title={`${project.name} keeps this login already, and its password has never worked.`}
      action={
        <Button size="small" busy={update.isPending && 'Saving'} disabledReason={!logsIn && 'This login failed too.'} onClick={fix}>
          Fix {project.name}
        </Button>
      }
    >
      {update.isError ? update.error.message : 'Give it this URL instead of adding the database a second time.'}
    </Notice>
  );
}
