import { Fragment, type ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface KeyValueProps {
  rows: readonly (readonly [key: string, value: ReactNode])[];
  /** Two pairs a row from 1280 px. */
  wide?: boolean;
  className?: string;
}

/** Names and values, the names grey. */
export function KeyValue({ rows, wide, className }: KeyValueProps) {
  return (
    <dl className={classNames('kv', wide && 'xl:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)]', className)}>
      {rows.map(([key, value]) => (
        <Fragment key={key}>
          <dt>{key}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
