import { expect, it } from 'vitest';
import { EVENT_TYPES } from '#lib/contract/webhook.ts';
import { rulesOf } from './rules-of.ts';

const event = {
  id: 'evt_1',
  organizationId: 'org_1',
  projectId: 'prj_1',
  projectName: 'shop',
  type: 'credentials.rotated',
  data: { job_id: 'job_1', role_name: 'shop_app', from_version: 14, to_version: 15, reason: 'departure', requested_by: 'owner@example.com' },
  createdAt: new Date('2026-11-22T09:59:58.000Z'),
};
const rules = rulesOf('slack');
const say = (more: Partial<typeof event> = {}) => JSON.parse(rules.bodyOf({ ...event, ...more }));

it('says what happened, to which project, by whom, and where to look', () => {
  expect(say()).toEqual({
    text: 'The credentials of shop were rotated',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'The credentials of shop were rotated', emoji: false } },
      {
        type: 'section',
        fields: ['Project: shop', 'Login: shop_app', 'Version: v14 → v15', 'Reason: departure', 'By: owner@example.com'].map((text) => ({
          type: 'plain_text',
          text,
          emoji: false,
        })),
      },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: '<http://127.0.0.1:3000/projects/prj_1/activity/job_1|Open in Rekey>' },
          { type: 'plain_text', text: 'credentials.rotated, evt_1, 2026-11-22 09:59:58 UTC', emoji: false },
        ],
      },
    ],
  });
  expect(rules.headersOf({ event, deliveryId: 'dlv_1', body: '', secrets: [], at: new Date() })).toEqual({});
});

it('says why something failed', () => {
  const data = { job_id: 'job_1', job_type: 'project.rotate_credentials', role_name: 'shop_app', error_code: 'current_password_refused' };
  const message = say({ type: 'job.failed', data: data as never });
  expect(message.text).toBe('The rotation of shop failed');
  expect(JSON.stringify(message)).toContain('Cause: current_password_refused');
});

it('calls nobody through a name, and breaks out of nothing', () => {
  const { text, blocks } = say({ projectName: '<!channel> & <https://evil.example|here>' });
  expect(text).toBe('The credentials of &lt;!channel&gt; &amp; &lt;https://evil.example|here&gt; were rotated');
  expect(
    blocks.flatMap((block: { fields?: { type: string }[]; text?: { type: string } }) => [...(block.fields ?? []), ...(block.text ? [block.text] : [])]),
  ).toSatisfy((texts: { type: string }[]) => texts.every(({ type }) => type === 'plain_text'));
});

it('keeps to the length that Slack takes', () => {
  expect(say({ projectName: 'x'.repeat(300) }).blocks[0].text.text).toHaveLength(150);
});

it('has a sentence for every event, and tells one of another release by its type', () => {
  for (const type of EVENT_TYPES) expect(say({ type }).text).toMatch(/ /);
  expect(say({ type: 'credentials.forgotten' }).text).toBe('credentials.forgotten');
});

it.each([
  ['campaign.stopped', { campaign_id: 'cmp_1', name: 'Q4' }, '/campaigns/cmp_1'],
  ['policy.missed', { policy_id: 'pol_1', name: 'Monthly' }, '/policies/pol_1'],
  ['webhook.test', {}, '/settings/webhooks'],
])('links %s of no project to its page', (type, data, path) => {
  const { elements } = say({ type, projectId: null as never, data: data as never }).blocks.at(-1);
  expect(elements[0].text).toBe(`<http://127.0.0.1:3000${path}|Open in Rekey>`);
});
