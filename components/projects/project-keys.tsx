'use client';

import { useRouter } from 'next/navigation';
import { useShortcut } from '#components/shell/use-shortcut.ts';

/** G, then C, A or S: the pages of a project. */
export function ProjectKeys({ projectId }: { projectId: string }) {
  const router = useRouter();
  const go = (page: string) => () => router.push(`/projects/${projectId}/${page}`);
  useShortcut('g>c', go('connections'));
  useShortcut('g>a', go('activity'));
  useShortcut('g>s', go('settings'));
  return null;
}
