import { Link2, Link2Off } from 'lucide-react';
import { Notice } from '#components/ui/notice.tsx';
import { Time } from '#components/ui/time.tsx';
import type { AuditRecordAnswer } from '#lib/contract/audit.ts';

const IN_PLACE = 'mx-5 mb-4 !bg-ok-tint !border-ok-line [&>svg]:!text-ok-ink';

const count = (number: number): string => number.toLocaleString('en-US');

/** Whether a record is in its place: itself, and all before it. */
export function PlaceNotice({ record: { place, audit_event: event, verification } }: { record: AuditRecordAnswer }) {
  if (place.is_in_place === null)
    return (
      <Notice className="mx-5 mb-4" icon={Link2} title="This event is older than the chain.">
        It was written before events were chained, so nothing proves that it is unchanged.
      </Notice>
    );
  if (!place.is_in_place)
    return (
      <Notice tone="danger" className="mx-5 mb-4" icon={Link2Off} title="This event is not in its place.">
        It was changed, or an event next to it is gone. Compare it with an export kept elsewhere.
      </Notice>
    );
  const { checkpoint, checked_at: checkedAt, is_whole: isWhole } = verification;
  if (!place.is_checked || !isWhole || checkedAt === null)
    return (
      <Notice tone="ok" className={IN_PLACE} icon={Link2} title="This event is in its place.">
        Its HMAC matches, and so do the events next to it.{' '}
        {place.is_checked ? 'Other events of this log are broken.' : 'The whole chain was last verified before this event was written.'}
      </Notice>
    );
  return (
    <Notice tone="ok" className={IN_PLACE} icon={Link2} title="This event is in its place.">
      {event.seq === 1 ? 'Its HMAC matches.' : `Its HMAC and that of ${count(event.seq - 1)} before it match.`} Checked <Time at={checkedAt} style="full" />
      {checkpoint && checkpoint.seq >= event.seq ? `, checkpoint ${count(checkpoint.number)} signed.` : '.'}
    </Notice>
  );
}
