'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { useTargetReason } from '#components/session/use-change-reason.ts';
import { Button } from '#components/ui/button.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { ForgetDialog } from './forget-dialog.tsx';

// Loaded when it is opened first.
const ChangeHostDialog = dynamic(() => import('./change-host-dialog.tsx').then((module) => module.ChangeHostDialog));

/** Moving the project to another address, and forgetting it. */
export function DangerZone({ project }: { project: ProjectWire }) {
  const [open, setOpen] = useState<'host' | 'forget' | null>(null);
  const reason = useTargetReason(project);
  const close = () => setOpen(null);
  return (
    <>
      <ul className="card list !border-danger-line">
        <Row
          title="Enter the current URL, or another host or port"
          text="For a password that was changed elsewhere, or a database that moved. A job checks the login; until it succeeds, nothing can be rotated."
        >
          <Button disabledReason={reason} onClick={() => setOpen('host')}>
            Change URL
          </Button>
        </Row>
        <Row
          title="Forget this project"
          text={`Rekey deletes its copies of the passwords up to v${project.credential.version}. The database, its role and the password v${project.credential.version} stay as they are. Save the URL first.`}
        >
          <Button kind="danger-quiet" disabledReason={reason} onClick={() => setOpen('forget')}>
            Forget {project.name}
          </Button>
        </Row>
      </ul>
      {open === 'host' && <ChangeHostDialog project={project} onClose={close} />}
      {open === 'forget' && <ForgetDialog project={project} onClose={close} />}
    </>
  );
}

function Row({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">{title}</p>
        <p className="text-ink-3">{text}</p>
      </div>
      {children}
    </li>
  );
}
