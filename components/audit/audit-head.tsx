'use client';

import { Download, Link2, Link2Off } from 'lucide-react';
import { useLogPath, useVerification, useVerifyNow } from '#components/data/audit.ts';
import { type AuditFilters, queryOf } from '#components/data/audit-filters.ts';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuItem, MenuLine } from '#components/ui/menu.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Time } from '#components/ui/time.tsx';
import type { AuditVerificationWire } from '#lib/contract/audit.ts';

/** What this log is, whether it is whole, and the ways to make sure of it and to take it away. */
export function AuditHead({ filters }: { filters: AuditFilters }) {
  const verification = useVerification().data;
  const verify = useVerifyNow();
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 max-sm:basis-full">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1>Audit log</h1>
            {verification && <ChainBadge verification={verification} />}
          </div>
          <p className="mt-0.5 min-h-5 text-base text-ink-2">{verification && <ChainWords verification={verification} />}</p>
        </div>
        <div className="flex gap-2">
          <Button icon={Link2} disabledReason={useOrganizationReason('viewer')} busy={verify.isPending && 'Reading the chain'} onClick={() => verify.mutate()}>
            Verify now
          </Button>
          <ExportMenu filters={filters} />
        </div>
      </div>
      {verify.isError && (
        <Notice tone="danger" role="alert" className="mt-4" title="The chain was not verified.">
          {verify.error.message}
        </Notice>
      )}
      {verification?.is_whole && verification.elsewhere_seq < verification.through_seq && <Limits verification={verification} />}
      {verification?.is_whole === false && <Findings verification={verification} />}
    </>
  );
}

function ChainBadge({ verification: { is_whole: isWhole, checked_at: at } }: { verification: AuditVerificationWire }) {
  if (at === null) return <Badge icon={Link2}>Not verified yet</Badge>;
  if (!isWhole)
    return (
      <Badge tone="danger" icon={Link2Off}>
        Chain broken
      </Badge>
    );
  return (
    <Badge tone="ok" icon={Link2}>
      <span>
        Chain verified to <Time at={at} style="minute" plain />
      </span>
    </Badge>
  );
}

const count = (number: number): string => number.toLocaleString('en-US');

function ChainWords({ verification }: { verification: AuditVerificationWire }) {
  const { records, unchecked, unchained, since, is_whole: isWhole, checked_at: at } = verification;
  const newer = at !== null && unchecked > 0;
  return (
    <>
      {count(records)} {records === 1 ? 'record' : 'records'}
      {since !== null && (
        <>
          {isWhole ? ', unbroken since ' : ' since '}
          <Time at={since} style="day" />
        </>
      )}
      .{newer && (unchecked === 1 ? ' The last one is newer than the last check.' : ` The last ${count(unchecked)} are newer than the last check.`)}
      {unchained > 0 && ` The first ${count(unchained)} are older than the chain.`}
    </>
  );
}

/** What a whole log cannot show by itself, and what to do about it. */
function Limits({ verification: { elsewhere_seq: elsewhere, through_seq: through } }: { verification: AuditVerificationWire }) {
  return (
    <p className="mt-1 text-xs text-ink-3">
      {elsewhere > 0
        ? `A checkpoint kept elsewhere confirms events up to ${count(elsewhere)} of ${count(through)}.`
        : 'No checkpoint kept elsewhere was compared, so an earlier copy of the whole log would look the same. Export the signed checkpoints, or set REKEY_AUDIT_CHECKPOINT_FILE.'}
    </p>
  );
}

const SHOWN = 5;

function Findings({ verification: { findings } }: { verification: AuditVerificationWire }) {
  return (
    <Notice tone="danger" role="alert" className="mt-4" title="This log is not the one that was written.">
      Nothing else is affected: Rekey keeps working and keeps recording. Compare with an export or a checkpoint kept elsewhere.
      <ul className="mt-1.5 list-disc pl-5">
        {findings.slice(0, SHOWN).map((finding) => (
          <li key={`${finding.kind} ${finding.seq} ${finding.detail}`}>{finding.detail}</li>
        ))}
        {findings.length > SHOWN && <li>and {findings.length - SHOWN} more</li>}
      </ul>
    </Notice>
  );
}

function ExportMenu({ filters }: { filters: AuditFilters }) {
  const path = useLogPath();
  const save = (file: string) => () => window.location.assign(`/api/v1${path}/${file}`);
  const fileOf = (format: 'csv' | 'jsonl') => {
    const query = queryOf(filters, new Date());
    query.set('format', format);
    return `export?${query}`;
  };
  return (
    <Menu trigger={<Button icon={Download}>Export</Button>}>
      <MenuItem onSelect={() => save(fileOf('csv'))()}>CSV, as filtered</MenuItem>
      <MenuItem onSelect={() => save(fileOf('jsonl'))()}>JSON lines, as filtered</MenuItem>
      <MenuLine />
      <MenuItem onSelect={save('checkpoints')}>Signed checkpoints</MenuItem>
    </Menu>
  );
}
