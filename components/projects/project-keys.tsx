'use client';

import { History, Link2, Settings } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { usePaletteActs } from '#components/session/palette-acts.ts';
import { useShortcut } from '#components/ui/use-shortcut.ts';

/** G, then C, A or S: the pages of a project, also in the palette. */
export function ProjectKeys({ projectId }: { projectId: string }) {
  const router = useRouter();
  const go = (page: string) => () => router.push(`/projects/${projectId}/${page}`);
  useShortcut('g>c', go('connections'));
  useShortcut('g>a', go('activity'));
  useShortcut('g>s', go('settings'));
  usePaletteActs(2, [
    { label: 'Connections', icon: Link2, keys: 'G C', run: go('connections') },
    { label: 'Activity', icon: History, keys: 'G A', run: go('activity') },
    { label: 'Settings', icon: Settings, keys: 'G S', run: go('settings') },
  ]);
  return null;
}
