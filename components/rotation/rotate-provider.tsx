'use client';

import { KeyRound } from 'lucide-react';
import dynamic from 'next/dynamic';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { useProject } from '#components/data/projects.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { usePaletteActs } from '#components/session/palette-acts.ts';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { useActLink } from '#components/ui/act-link.ts';
import { useShortcut } from '#components/ui/use-shortcut.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

// Loaded when it is opened first.
const RotateDialog = dynamic(() => import('./rotate-dialog.tsx').then((module) => module.RotateDialog));

interface Rotate {
  open: () => void;
  /** Why it cannot be rotated now, or false. */
  reason: string | false;
}

const RotateContext = createContext<Rotate>({ open: () => {}, reason: false });

/** Opens the dialog, from wherever on the project's pages. */
export const useOpenRotate = (): (() => void) => useContext(RotateContext).open;
export const useRotateReason = (): string | false => useContext(RotateContext).reason;

function stateReason(project: ProjectWire | undefined): string | false {
  switch (project?.state) {
    case undefined:
      return 'Loading the project.';
    case 'ready':
      return false;
    case 'rotating_credentials':
      return 'A rotation is in progress.';
    case 'verifying':
      return 'A connection check is in progress.';
    case 'needs_attention':
      return 'It is not known yet which password works.';
  }
}

/** Holds the rotate dialog of a project, and its key. */
export function RotateProvider({ projectId, children }: { projectId: string; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const project = useProject(projectId).data;
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const reason = roleReason || staleReason || stateReason(project);
  const open = useCallback(() => {
    if (!reason) setIsOpen(true);
  }, [reason]);
  useShortcut('r', open);
  useActLink('rotate', reason, open);
  usePaletteActs(0, [{ label: 'Rotate Credentials', icon: KeyRound, keys: 'R', reason, run: open }]);
  const rotate = useMemo(() => ({ open, reason }), [open, reason]);
  return (
    <RotateContext value={rotate}>
      {children}
      {project && isOpen && <RotateDialog project={project} onClose={() => setIsOpen(false)} />}
    </RotateContext>
  );
}
