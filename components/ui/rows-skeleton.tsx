import { Loading, SkeletonBar } from './skeleton.tsx';

/** Rows that are on their way. */
export function RowsSkeleton({ label }: { label: string }) {
  return (
    <Loading label={label} className="px-4 py-1">
      {['52%', '44%', '60%', '38%'].map((width) => (
        <div key={width} className="flex h-11 items-center justify-between gap-6">
          <SkeletonBar width={width} />
          <SkeletonBar width="4rem" />
        </div>
      ))}
    </Loading>
  );
}
