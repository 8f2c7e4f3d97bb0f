'use client';

import { useState } from 'react';
import { usePolicies } from '#components/data/policies.ts';
import { Button } from '#components/ui/button.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import type { FileRow } from '#lib/contract/import-file.ts';
import { maskUrl, unmaskUrl } from './mask-url.ts';
import type { DraftRow } from './use-import-draft.ts';

interface RowFixProps {
  at: DraftRow;
  reason: string | false;
  onFix: (line: number, changes: Partial<FileRow>) => Promise<void>;
}

const LABELS = { name: 'Name', url: 'URL', pooled_url: 'Pooled URL', tags: 'Tags', policy: 'Policy', row: 'Row' } as const;

/** Why a row will not work, and the cell to fix where it stands. */
export function RowFix({ at: { row, check }, reason, onFix }: RowFixProps) {
  const [first] = check.reasons;
  const field = first?.field ?? 'row';
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isChecking, setIsChecking] = useState(false);
  const isUrl = field === 'url' || field === 'pooled_url';
  const now = field === 'row' ? '' : row[field];
  const shown = isUrl ? maskUrl(now) : now;

  const submit = async () => {
    setIsChecking(true);
    setProblem(null);
    const value = typed ?? (field === 'policy' ? '' : shown);
    try {
      await onFix(row.line, field === 'row' ? {} : { [field]: isUrl ? unmaskUrl(value, now) : value });
      setTyped(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The row was not checked. Try again.');
    } finally {
      setIsChecking(false);
    }
  };

  return (
    <>
      {check.reasons.map((one) => (
        <p key={`${one.field} ${one.text}`} className="text-danger-ink [overflow-wrap:anywhere]">
          {one.field !== 'row' && <b className="font-medium">{LABELS[one.field]}: </b>}
          {one.text}
        </p>
      ))}
      {row.fault === null && (
        <form
          className="mt-1.5 flex gap-1.5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!isChecking && !reason) void submit();
          }}
        >
          {field === 'policy' && <PolicySelect line={row.line} value={typed ?? ''} onChange={setTyped} />}
          {field !== 'policy' && field !== 'row' && (
            <Input
              machine
              className="sm:!h-7 !border-line-strong px-2"
              aria-label={`${LABELS[field]}, line ${row.line}`}
              value={typed ?? shown}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          <Button size="small" type="submit" busy={isChecking && 'Checking'} disabledReason={reason} aria-label={`Check line ${row.line} again`}>
            Check
          </Button>
        </form>
      )}
      {problem && (
        <p className="mt-1 text-xs text-danger-ink" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

function PolicySelect({ line, value, onChange }: { line: number; value: string; onChange: (value: string) => void }) {
  const { data } = usePolicies();
  return (
    <Select
      className="sm:!h-7 !w-44 !border-line-strong sm:!text-xs"
      aria-label={`Policy, line ${line}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">No policy</option>
      {data?.policies.map(({ id, name }) => (
        <option key={id} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
