import { NOTICE_KINDS, type NoticeKind } from '#lib/contract/notification.ts';
import { env } from '#lib/kernel/env.ts';
import type { ToldEvent } from '#lib/webhooks/dialects/dialect.ts';
import { linkOf } from '#lib/webhooks/dialects/slack-link.ts';
import { sentenceOf } from '#lib/webhooks/dialects/slack-sentence.ts';

/** An event in a mail. */
export interface Noticed {
  kind: NoticeKind;
  event: ToldEvent;
  /** What the job's page says of the failure: what happened, whether anything changed, what to do. */
  explanation: string | null;
}

/** Lines under a heading; the rest is counted. */
const LINES = 20;

const HEADINGS: Record<NoticeKind, (count: number) => string> = {
  rotation_failed: (count) => `${count} ${count === 1 ? 'rotation' : 'rotations'} failed`,
  window_missed: (count) => `${count} ${count === 1 ? 'window was' : 'windows were'} missed`,
  overdue_soon: (count) => `${count} ${count === 1 ? 'login is' : 'logins are'} overdue in 7 days or less`,
  campaign_stopped: (count) => `${count} ${count === 1 ? 'campaign' : 'campaigns'} stopped`,
  drift: (count) => `${count} ${count === 1 ? 'value' : 'values'} changed at a provider`,
};

/** Text of one line: names are other people's words. */
const oneLine = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').trim();

const at = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const linesOf = ({ event, explanation }: Noticed): string =>
  [`- ${oneLine(sentenceOf(event))} (${at(event.createdAt)})`, ...(explanation === null ? [] : [oneLine(explanation)]), linkOf(event)].join('\n  ');

/** A mail about events, in the order of their kinds: its subject, and a text without a secret in which each event links to its page. */
export function composeMail(notices: Noticed[]): { subject: string; text: string } {
  const groups = NOTICE_KINDS.map((kind) => ({ kind, all: notices.filter((notice) => notice.kind === kind) })).filter(({ all }) => all.length > 0);
  const [only] = notices;
  const subject = notices.length === 1 && only ? oneLine(sentenceOf(only.event)) : groups.map(({ kind, all }) => HEADINGS[kind](all.length)).join(', ');
  const sections = groups.map(({ kind, all }) => {
    const more = all.length > LINES ? [`  and ${all.length - LINES} more: ${new URL('/', env.NEXTAUTH_URL).href}`] : [];
    return [`${HEADINGS[kind](all.length)}:`, ...all.slice(0, LINES).map(linesOf), ...more].join('\n');
  });
  const settings = new URL('/account/notifications', env.NEXTAUTH_URL).href;
  return { subject, text: `${[...sections, `--\nSent by Rekey. Choose what you are notified of: ${settings}`].join('\n\n')}\n` };
}
