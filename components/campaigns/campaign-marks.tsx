'use client';

import { useMediaQuery } from '#components/ui/use-media-query.ts';
import { layOutMarks } from './marks.ts';

/** One mark a login. `label` says the same to readers. */
export function CampaignMarks({ letters, label, isSingle }: { letters: string; label: string /** As wide as one mark. */; isSingle?: boolean }) {
  const isWide = useMediaQuery('(width >= 80rem)');
  const isMiddle = useMediaQuery('(width >= 52rem)');
  const { width, height, paths } = layOutMarks(letters, isSingle ? 1 : isWide ? 136 : isMiddle ? 88 : 46);
  return (
    <svg className="marks" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      {paths.map(({ shape, d }) => (
        <path key={shape} data-is={shape} d={d} />
      ))}
    </svg>
  );
}
