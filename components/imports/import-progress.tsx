'use client';

import Link from 'next/link';
import { useState } from 'react';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { ImportedRowWire, ImportWire } from '#lib/contract/import.ts';
import { useCancelImport, useImport, useImportRows } from './queries.ts';

const STATES = ['failed', 'pending', 'imported', 'already_here', 'canceled'] as const;
type RowState = (typeof STATES)[number];
const WORDS: Record<RowState, string> = { failed: 'Failed', pending: 'Waiting', imported: 'Imported', already_here: 'Already here', canceled: 'Canceled' };
const KINDS: Record<RowState, StateKind> = { failed: 'failed', pending: 'not-readable', imported: 'ok', already_here: 'ticked', canceled: 'off' };

const number = (n: number): string => n.toLocaleString('en-US');

function headline({ state, total, counts }: ImportWire): string {
  const done = `${number(counts.imported)} of ${number(total)} rows`;
  if (state === 'running') return `Importing: ${done} added`;
  return state === 'canceled' ? `Import canceled: ${done} added` : `${done} imported`;
}

/** How far an import is, and why rows did not land. */
export function ImportProgress({ importId }: { importId: string }) {
  const query = useImport(importId);
  const cancel = useCancelImport(importId);
  const reason = useChangeReason();
  const found = query.data;
  if (!found)
    return (
      <>
        <h1>Import</h1>
        <Card className="mt-5">
          {query.isError ? (
            <ListProblem error={query.error} isAsking={query.isFetching} onRetry={() => void query.refetch()} />
          ) : (
            <RowsSkeleton label="Loading the import" />
          )}
        </Card>
      </>
    );
  const { state, total, counts } = found;
  const left = total - counts.pending;
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 max-sm:basis-full">
          <h1>{headline(found)}</h1>
          <p className="mt-0.5 text-base text-ink-2 [overflow-wrap:anywhere]" role="status">
            {found.name}, started by {found.requested_by}
            {found.finished_at ? (
              <>
                , ended at <Time at={found.finished_at} plain />. No password was changed.
              </>
            ) : (
              `. ${number(left)} of ${number(total)} rows done. It continues when you close this page.`
            )}
          </p>
        </div>
        <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
          {state === 'running' ? (
            <Button busy={cancel.isPending && 'Canceling'} disabledReason={reason} onClick={() => cancel.mutate()}>
              Cancel import
            </Button>
          ) : (
            <>
              <ButtonLink href="/import">Import another file</ButtonLink>
              <ButtonLink kind="primary" href="/">
                Open the overview
              </ButtonLink>
            </>
          )}
        </div>
      </div>
      <progress className="mt-4 block h-1.5 w-full" max={total} value={left} aria-label="Rows done" />
      {cancel.isError && (
        <Notice className="mt-5" tone="danger" role="alert" title="The import was not canceled.">
          {cancel.error.message}
        </Notice>
      )}
      <Rows found={found} />
    </>
  );
}

function Rows({ found }: { found: ImportWire }) {
  const [chosen, setChosen] = useState<RowState | null>(null);
  const { counts } = found;
  const state = chosen ?? STATES.find((one) => counts[one] > 0 && one !== 'pending') ?? 'pending';
  const query = useImportRows(found.id, state, counts[state]);
  const shown = STATES.filter((one) => counts[one] > 0 || one === state);
  return (
    <>
      <div className="mt-5 mb-3 max-w-full overflow-x-auto">
        <Segmented
          label="Filter by state"
          value={state}
          onChange={setChosen}
          options={shown.map((value) => ({
            value,
            label: (
              <>
                {WORDS[value]}{' '}
                <span className={value === 'failed' && counts.failed > 0 ? 'num text-danger-ink' : 'num text-ink-3'}>{number(counts[value])}</span>
              </>
            ),
          }))}
        />
      </div>
      <Card
        foot={
          query.data?.next_cursor
            ? `The first ${query.data.rows.length} of ${number(counts[state])} rows. The API has all of them: GET /imports/${found.id}/rows.`
            : undefined
        }
      >
        {query.data ? (
          <ul className="list" aria-label={`${WORDS[state]} rows`}>
            {query.data.rows.map((row) => (
              <Row key={row.line} row={row} />
            ))}
            {query.data.rows.length === 0 && <li className="px-4 py-3 text-ink-2">No row is in this state.</li>}
          </ul>
        ) : query.isError ? (
          <ListProblem error={query.error} isAsking={query.isFetching} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton label="Loading the rows" />
        )}
      </Card>
    </>
  );
}

function Row({ row: { line, name, url, state, reasons, project } }: { row: ImportedRowWire }) {
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[4rem_minmax(0,1fr)_8rem_minmax(0,1fr)] sm:items-center">
      <span className="num text-xs text-ink-3">line {line}</span>
      <span className="min-w-0">
        <span className="block truncate font-medium">
          {project ? (
            <Link className="link" href={`/projects/${project.id}/connections`}>
              {project.name}
            </Link>
          ) : (
            (name ?? 'No name')
          )}
        </span>
        <span className="mono block truncate text-xs text-ink-3">{url?.replace(':@', ':••••@')}</span>
      </span>
      <State kind={KINDS[state]}>{WORDS[state]}</State>
      <span className="text-sm text-ink-2 [overflow-wrap:anywhere]">
        {reasons.map(({ field, text }) => (field === 'row' ? text : `${field}: ${text}`)).join(' ')}
      </span>
    </li>
  );
}
