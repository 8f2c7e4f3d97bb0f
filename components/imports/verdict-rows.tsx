'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { useMediaQuery } from '#components/ui/use-media-query.ts';
import type { FileRow } from '#lib/contract/import-file.ts';
import { maskUrl } from './mask-url.ts';
import { RowFix } from './row-fix.tsx';
import type { DraftRow } from './use-import-draft.ts';
import { Verdict } from './verdict.tsx';

interface VerdictRowsProps {
  rows: DraftRow[];
  isChecking: boolean;
  reason: string | false;
  onFix: (line: number, changes: Partial<FileRow>) => Promise<void>;
}

/** Each row with its verdict, and where it will not work the cell to fix. */
export function VerdictRows(props: VerdictRowsProps) {
  const isWide = useMediaQuery('(min-width: 64rem)');
  return isWide ? <Table {...props} /> : <List {...props} />;
}

const nameOf = ({ row, check }: DraftRow): string =>
  check.name ?? (row.fault ? 'Not readable' : row.name === '' || /:\/\//.test(row.name) ? 'No name' : row.name);

function Tags({ tags }: { tags: Record<string, string> }) {
  return (
    <span className="flex flex-wrap gap-1">
      {Object.entries(tags).map(([key, value]) => (
        <Badge key={key} className="mono !font-normal">
          {key}={value}
        </Badge>
      ))}
    </span>
  );
}

function Outcome({ at, isChecking, ...fix }: Omit<VerdictRowsProps, 'rows'> & { at: DraftRow }): ReactNode {
  const { verdict, project, login, policy } = at.check;
  if (verdict === 'will_not_work') return <RowFix at={at} {...fix} />;
  if (project)
    return (
      <span className="text-ink-2">
        Same login as the project{' '}
        <Link className="link" href={`/projects/${project.id}/connections`}>
          {project.name}
        </Link>
        . Left unchanged.
      </span>
    );
  return (
    <span className="text-ink-2">
      {login ?? (isChecking ? 'The login is not checked yet.' : 'The login is checked during the import.')}
      {policy && ` Policy: ${policy.name}.`}
    </span>
  );
}

function Table({ rows, ...rest }: VerdictRowsProps) {
  return (
    <div className="card overflow-x-auto">
      <table className="table">
        <caption className="sr-only">Result of the dry run for each row</caption>
        <thead>
          <tr>
            <th scope="col" className="r">
              Line
            </th>
            <th scope="col">Name and URL</th>
            <th scope="col">Tags</th>
            <th scope="col">Result</th>
            <th scope="col">Reason and fix</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((at) => (
            <tr key={at.row.line}>
              <td className="num r w-14 text-ink-3">{at.row.line}</td>
              <th scope="row" className="!border-line max-w-[20rem] py-1.5 font-normal">
                <span className="block truncate text-sm font-medium text-ink" title={nameOf(at)}>
                  {nameOf(at)}
                </span>
                <span className="mono block truncate text-xs text-ink-3" title={maskUrl(at.row.url)}>
                  {maskUrl(at.row.url)}
                </span>
              </th>
              <td>
                <Tags tags={at.check.tags} />
              </td>
              <td className="whitespace-nowrap">
                <Verdict verdict={at.check.verdict} />
              </td>
              <td className="w-[27rem] py-2">
                <Outcome at={at} {...rest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function List({ rows, ...rest }: VerdictRowsProps) {
  return (
    <Card>
      <ul className="list" aria-label="Result of the dry run for each row">
        {rows.map((at) => (
          <li key={at.row.line} className="px-4 py-3">
            <div className="flex items-center gap-2">
              <b className="min-w-0 truncate font-medium">{nameOf(at)}</b>
              <span className="spacer" />
              <span className="num text-xs whitespace-nowrap text-ink-3">line {at.row.line}</span>
            </div>
            <p className="mono mt-0.5 truncate text-xs text-ink-3">{maskUrl(at.row.url)}</p>
            <p className="mt-1.5 mb-1">
              <Verdict verdict={at.check.verdict} />
            </p>
            <Outcome at={at} {...rest} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
