import { Compass } from 'lucide-react';
import { ButtonLink } from './button-link.tsx';
import { Empty } from './empty.tsx';

interface NothingHereProps {
  /** Such as "There is no such project". */
  title: string;
  text: string;
  /** Where to go instead. */
  href: string;
  action: string;
}

/** For an address that leads nowhere, or to what belongs to somebody else: the two look alike. */
export function NothingHere({ title, text, href, action }: NothingHereProps) {
  return (
    <Empty className="card !py-14" icon={Compass} title={title} text={text}>
      <ButtonLink href={href} kind="primary" className="mt-4">
        {action}
      </ButtonLink>
    </Empty>
  );
}
