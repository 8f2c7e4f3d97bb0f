import Link from 'next/link';
import { chooseEntries, type SidebarEntry } from './choose-entries.ts';

const MOST = 12;

interface SidebarEntriesProps {
  entries: SidebarEntry[];
  /** How many there are, where not all are known here. */
  total?: number | undefined;
  /** Where all of them stand. */
  all: { href: string; things: string };
}

/** Projects or sites with the colour and shape of their state; beyond a dozen, a way to all of them. */
export function SidebarEntries({ entries, total = entries.length, all }: SidebarEntriesProps) {
  const shown = chooseEntries(entries, MOST);
  return (
    <>
      {shown.map(({ id, name, href, pip, current }) => (
        <Link key={id} href={href} aria-current={current}>
          <span className="pip" data-tone={pip} />
          <span className="truncate">{name}</span>
        </Link>
      ))}
      {shown.length < total && (
        <Link href={all.href} className="!text-ink-3">
          <span className="pl-6">
            All <span className="num">{total}</span> {all.things}
          </span>
        </Link>
      )}
    </>
  );
}
