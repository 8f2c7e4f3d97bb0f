import type { ResetTarget } from '#components/data/reset-target.ts';

/** What a reset does to those who hold the old password, before it is asked for. */
export function WhatResets({ of, endsNow }: { of: ResetTarget; endsNow: boolean }) {
  return (
    <ul className="grid list-disc gap-1 pl-5 text-ink-2">{of.kind === 'development' ? <Development of={of} /> : <Environment of={of} endsNow={endsNow} />}</ul>
  );
}

function Development({ of: { version, path } }: { of: ResetTarget & { kind: 'development' } }) {
  return (
    <>
      <li>v{version} is refused as soon as the new password has logged in.</li>
      {path === null ? (
        <li>No wp-config.php or .env is named for this site: write the new password there yourself.</li>
      ) : (
        <li>
          <code className="[overflow-wrap:anywhere]">{path}</code> gets the new password. If it cannot be written, nothing changes.
        </li>
      )}
      <li>Open connections are closed, and everything that holds the old password must be updated.</li>
    </>
  );
}

function Environment({ of: { version }, endsNow }: { of: ResetTarget; endsNow: boolean }) {
  return endsNow ? (
    <>
      <li>v{version} is refused as soon as the new password has logged in.</li>
      <li>Open connections continue.</li>
    </>
  ) : (
    <>
      <li>The running deployment keeps the old password until it is redeployed: both work until then.</li>
      <li>The next deployment that succeeds carries the new one, and only then the old one ends.</li>
      <li>Open connections continue.</li>
    </>
  );
}
