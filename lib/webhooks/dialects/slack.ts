import type { DialectRules, ToldEvent } from './dialect.ts';
import { linkOf } from './slack-link.ts';
import { sentenceOf } from './slack-sentence.ts';

/** Slack refuses a header of more. */
const HEADER_LIMIT = 150;

/** Plain text, in which nothing is a command: names are other people's words. */
const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
/** What Slack's own markup needs (api.slack.com/reference/surfaces/formatting). */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const text = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);

/** The facts worth a line, of what an event tells. */
function factsOf({ projectName, data }: ToldEvent): [string, string][] {
  const told = data as Record<string, unknown>;
  const versions = [told.from_version, told.to_version].map(text).filter((version) => version !== null);
  const facts: [string, string | null][] = [
    ['Project', projectName],
    ['Login', text(told.role_name)],
    ['Version', versions.length > 0 ? versions.map((version) => `v${version}`).join(' → ') : null],
    ['Reason', text(told.reason)],
    ['Cause', text(told.error_code)],
    ['By', text(told.requested_by)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

/** An incoming webhook of Slack: what happened, to which project, by whom, and where to look. The URL itself is what lets us in. */
export const slack: DialectRules = {
  timeoutMs: 15_000,
  signing: 'none',
  bodyOf: (event) => {
    const sentence = sentenceOf(event);
    const facts = factsOf(event).map(([name, value]) => plain(`${name}: ${value}`));
    const time = `${event.createdAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    return JSON.stringify({
      text: escaped(sentence),
      blocks: [
        { type: 'header', text: plain(sentence.slice(0, HEADER_LIMIT)) },
        ...(facts.length > 0 ? [{ type: 'section', fields: facts }] : []),
        { type: 'context', elements: [{ type: 'mrkdwn', text: `<${linkOf(event)}|Open in Rekey>` }, plain(`${event.type}, ${event.id}, ${time}`)] },
      ],
    });
  },
  headersOf: () => ({}),
};
