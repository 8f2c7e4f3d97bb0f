import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { Strip } from './overview-figures.tsx';

const ROWS = [62, 48, 70, 55, 66, 44, 60];

/** The size of what comes. */
export function OverviewLoading() {
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <Loading label="Loading projects">
        <div className="flex h-[3.375rem] flex-col justify-center gap-3">
          <SkeletonBar width="20rem" />
          <SkeletonBar width="26rem" />
        </div>
        <Strip />
        <div className="mt-5 mb-3 h-7">
          <SkeletonBar width="24rem" />
        </div>
        <div className="card">
          <div className="h-8 border-b border-line px-4 py-3">
            <SkeletonBar width="40%" />
          </div>
          {ROWS.map((percent) => (
            <div key={percent} className="flex h-[3.25rem] items-center gap-6 border-b border-line px-4 last:border-0">
              <span className="grid w-48 gap-2">
                <SkeletonBar width={`${percent}%`} />
                <SkeletonBar width={`${percent + 18}%`} />
              </span>
              <span className="hidden flex-1 gap-2 sm:grid">
                <SkeletonBar width={`${percent / 2}%`} />
                <SkeletonBar width={`${percent}%`} />
              </span>
              <span className="hidden w-20 md:block">
                <SkeletonBar width="100%" />
              </span>
              <span className="hidden w-16 md:block">
                <SkeletonBar width="100%" />
              </span>
            </div>
          ))}
        </div>
      </Loading>
    </>
  );
}
