import { classNames } from './class-names.ts';

/** One line that is cut where it has no room, with the whole text in a tooltip. Give it a greatest width. */
export const Truncated = ({ text, className }: { text: string; className: string }) => (
  <span className={classNames('block truncate', className)} title={text}>
    {text}
  </span>
);
