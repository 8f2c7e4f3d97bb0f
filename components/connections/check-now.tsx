'use client';

import { RotateCw } from 'lucide-react';
import { useVerify } from '#components/data/projects.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { FieldError } from '#components/ui/field.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

/** Asks the server at once which password works, from wherever that is doubted. `named`: the page shows several projects. */
export function CheckNow({ project, named = false }: { project: Pick<ProjectWire, 'id' | 'name' | 'state'>; named?: boolean }) {
  const verify = useVerify(project.id);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const busy = (verify.isPending || project.state === 'verifying') && 'Checking';
  return (
    <>
      <Button size="small" icon={RotateCw} busy={busy} disabledReason={roleReason || staleReason} onClick={() => verify.mutate({})}>
        Check now
        {named && <span className="sr-only">: {project.name}</span>}
      </Button>
      {verify.error && <FieldError>{verify.error.message}</FieldError>}
    </>
  );
}
