'use client';

import { Lock, Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useStaleReason } from '#components/session/live.tsx';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Time } from '#components/ui/time.tsx';
import type { CheckedRowWire } from '#lib/contract/import.ts';
import { toJsonLines } from '#lib/contract/import-file.ts';
import { ChooseFile } from './choose-file.tsx';
import { ImportTabs } from './import-tabs.tsx';
import { useStartImport } from './queries.ts';
import { type Draft, useImportDraft } from './use-import-draft.ts';
import { VERDICT_WORDS } from './verdict.tsx';
import { VerdictRows } from './verdict-rows.tsx';

type Filter = 'all' | CheckedRowWire['verdict'];
/** Rows that are drawn at once. */
const PAGE = 100;

const number = (n: number): string => n.toLocaleString('en-US');
const rowWords = (n: number): string => `${number(n)} ${n === 1 ? 'row' : 'rows'}`;

function countsOf({ rows }: Draft): Record<Filter, number> {
  const counts = { all: rows.length, new: 0, already_here: 0, will_not_work: 0 };
  for (const { check } of rows) counts[check.verdict] += 1;
  return counts;
}

/** A file of connection URLs: its dry run, its fixes, and its start. */
export function ImportPage() {
  const roleReason = useOrganizationReason('admin');
  const staleReason = useStaleReason();
  const router = useRouter();
  const { draft, error, load, fix, again, clear } = useImportDraft();
  const start = useStartImport();
  if (roleReason)
    return (
      <>
        <h1>Import</h1>
        <Card className="mt-5">
          <Empty icon={Lock} title="Importing adds projects to the organization" text={`${roleReason} An owner or admin can import.`} />
        </Card>
      </>
    );
  const startNow = (rows: Draft['rows'], name: string) =>
    start.mutate(
      { format: 'jsonl', content: toJsonLines(rows.map(({ row }) => row)), name },
      { onSuccess: ({ import: { id } }) => router.push(`/import/${id}`) },
    );
  return (
    <>
      <Headline draft={draft} />
      <ImportTabs />
      <div>
        <ChooseFile draft={draft} reason={staleReason} onLoad={(name, content) => void load(name, content)} onAgain={again} />
      </div>
      {error && (
        <Notice className="mt-5" tone="danger" role="alert" title="The file was not checked.">
          {error}
        </Notice>
      )}
      {start.isError && (
        <Notice className="mt-5" tone="danger" role="alert" title="The import did not start.">
          {start.error.message}
        </Notice>
      )}
      {draft && (
        <Checked
          key={`${draft.name} ${draft.bytes}`}
          draft={draft}
          reason={staleReason}
          isStarting={start.isPending}
          onFix={fix}
          onStart={startNow}
          onCancel={clear}
        />
      )}
    </>
  );
}

function Headline({ draft }: { draft: Draft | null }) {
  if (!draft)
    return (
      <>
        <h1>Import</h1>
        <p className="mt-0.5 text-base text-ink-2">Adds a project for each connection URL of a file. No password is changed.</p>
      </>
    );
  const { new: ready, all } = countsOf(draft);
  return (
    <>
      <h1>
        {number(ready)} of {rowWords(all)} {ready === 1 ? 'is' : 'are'} ready to import
      </h1>
      <p className="mt-0.5 text-base text-ink-2" role="status">
        {draft.checkedAt ? (
          <>
            Dry run finished at <Time at={draft.checkedAt} plain />.
          </>
        ) : (
          `Checked ${number(draft.loginsChecked)} of ${number(draft.loginsInAll)} logins.`
        )}{' '}
        Nothing is stored yet, and no password was changed.
      </p>
    </>
  );
}

interface CheckedProps {
  draft: Draft;
  reason: string | false;
  isStarting: boolean;
  onFix: ReturnType<typeof useImportDraft>['fix'];
  onStart: (rows: Draft['rows'], name: string) => void;
  onCancel: () => void;
}

function Checked({ draft, reason, isStarting, onFix, onStart, onCancel }: CheckedProps) {
  const [filter, setFilter] = useState<Filter>('all');
  const [most, setMost] = useState(PAGE);
  const counts = countsOf(draft);
  const matching = draft.rows.filter(({ check }) => filter === 'all' || check.verdict === filter);
  const skipped = counts.all - counts.new;
  const label = (verdict: Filter) => (
    <>
      {verdict === 'all' ? 'All' : VERDICT_WORDS[verdict]}{' '}
      <span className={verdict === 'will_not_work' && counts[verdict] > 0 ? 'num text-danger-ink' : 'num text-ink-3'}>{number(counts[verdict])}</span>
    </>
  );
  return (
    <>
      <div className="mt-5 mb-3 max-w-full overflow-x-auto">
        <Segmented
          label="Filter by result"
          value={filter}
          onChange={(value) => {
            setFilter(value);
            setMost(PAGE);
          }}
          options={(['all', 'new', 'already_here', 'will_not_work'] as const).map((value) => ({ value, label: label(value) }))}
        />
      </div>
      {matching.length === 0 ? (
        <Card>
          <p className="p-4 text-ink-2">No row has this result.</p>
        </Card>
      ) : (
        <VerdictRows rows={matching.slice(0, most)} isChecking={draft.checkedAt === null} reason={reason} onFix={onFix} />
      )}
      {matching.length > most && (
        <div className="mt-3 flex justify-center">
          <Button onClick={() => setMost(most + PAGE)}>
            Show {number(Math.min(PAGE, matching.length - most))} more of {number(matching.length)}
          </Button>
        </div>
      )}
      <div className="sticky bottom-0 z-10 -mx-4 mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
        <p className="min-w-0 flex-1 basis-60 text-sm text-ink-2">
          {skipped > 0 &&
            `${rowWords(skipped)} ${skipped === 1 ? 'is' : 'are'} skipped: ${number(counts.already_here)} already here, ${number(counts.will_not_work)} will not work. You can fix and import them later.`}
        </p>
        <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
          <Button onClick={onCancel}>Cancel</Button>
          <Button
            kind="primary"
            icon={Upload}
            busy={isStarting && 'Starting the import'}
            disabledReason={reason || (counts.new === 0 && 'No row is ready to import.')}
            onClick={() =>
              onStart(
                draft.rows.filter(({ check }) => check.verdict === 'new'),
                draft.name,
              )
            }
          >
            Import {rowWords(counts.new)}
          </Button>
        </div>
      </div>
    </>
  );
}
