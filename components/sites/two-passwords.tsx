import { Time } from '#components/ui/time.tsx';

type Version = { version: number; proven_at: string | null };

/** Where each of two passwords is accepted, from before the reset to the next deployment. */
export function TwoPasswords({ current, retiring }: { current: Version; retiring: Version }) {
  return (
    <div className="border-b border-line px-4 pt-3 pb-4">
      <h3 className="mb-2 text-xs font-medium text-ink-3">Accepted for new logins</h3>
      <p className="mb-2 text-xs text-ink-2 sm:hidden">
        v{retiring.version} is held by the running deployment. v{current.version} works too. After the next deployment only v{current.version}.
      </p>
      <div className="grid grid-cols-[4.5rem_repeat(4,minmax(0,1fr))] items-center gap-y-1 text-xs">
        <span />
        <span className="pb-1 text-ink-3">before</span>
        <span className="pb-1 text-ink-3">reset</span>
        <span className="pb-1 font-medium text-ink">now</span>
        <span className="pb-1 text-ink-3">
          <span className="max-sm:hidden">next </span>deploy<span className="max-sm:hidden">ment</span>
        </span>
        <b className="font-medium text-ink-2">Old, v{retiring.version}</b>
        <div className="bar col-span-3" data-is="old">
          <span className="truncate max-sm:hidden">accepted, held by the running deployment</span>
        </div>
        <div className="bar" data-is="later">
          <span className="max-sm:hidden">then rejected</span>
        </div>
        <b className="font-medium text-ink-2">New, v{current.version}</b>
        <span />
        <div className="bar col-span-2" data-is="new">
          <span className="truncate max-sm:hidden">
            accepted
            {current.proven_at && (
              <>
                , proven <Time at={current.proven_at} plain />
              </>
            )}
          </span>
        </div>
        <div className="bar" data-is="stored">
          <span className="max-sm:hidden">the only one</span>
        </div>
      </div>
    </div>
  );
}
