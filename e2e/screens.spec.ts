import type { Page } from '@playwright/test';
import { me } from '#lib/contract/account.ts';
import { auditEventList } from '#lib/contract/audit.ts';
import { jobList } from '#lib/contract/job.ts';
import { policyAnswer, policyList } from '#lib/contract/policy.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { makeKey } from './make-key.ts';
import { demoProject } from './project.ts';
import { threeEndpoints } from './webhook-receivers.ts';

const THEMES = ['light', 'dark'] as const;

const ofProject = (tab: string) => async (page: Page) => `/projects/${await demoProject(page)}/${tab}`;

async function latestRotation(page: Page): Promise<string> {
  const projectId = await demoProject(page);
  const { jobs } = jobList.parse(await (await page.request.get(`/api/v1/projects/${projectId}/jobs`)).json());
  const rotation = jobs.find(({ type }) => type === 'project.rotate_credentials');
  return `/projects/${projectId}/activity/${rotation?.id}`;
}

async function oldestRecord(page: Page): Promise<string> {
  const { organization } = me.parse(await (await page.request.get('/api/v1/me')).json());
  const { audit_events: events } = auditEventList.parse(
    await (await page.request.get(`/api/v1/organizations/${organization.id}/audit-events?limit=200`)).json(),
  );
  return `/audit/${events.at(-1)?.id}`;
}

async function keysWithOne(page: Page): Promise<string> {
  await page.goto('/settings/api-keys');
  await makeKey(page, new URL(page.url()).origin);
  return '/settings/api-keys';
}

async function onePolicy(page: Page): Promise<string> {
  const { organization } = me.parse(await (await page.request.get('/api/v1/me')).json());
  const at = `/api/v1/organizations/${organization.id}/policies`;
  const known = policyList.parse(await (await page.request.get(at)).json()).policies[0];
  if (known) return `/policies/${known.id}`;
  await page.goto('/policies');
  const data = { name: 'Monthly', max_age_days: 30, time_zone: 'Europe/Berlin', windows: [{ days: ['sun', 'wed'], from: '22:00', to: '01:00' }] };
  const headers = { origin: new URL(page.url()).origin };
  const { policy } = policyAnswer.parse(await (await page.request.post(at, { data, headers })).json());
  const answer = await page.request.put(`/api/v1/projects/${await demoProject(page)}/policy`, { data: { policy_id: policy.id }, headers });
  expect(answer.status()).toBe(200);
  return `/policies/${policy.id}`;
}

async function policiesWithOne(page: Page): Promise<string> {
  await onePolicy(page);
  return '/policies';
}

/** Each page, and words of it that come last. */
const PAGES: Record<string, { path: (page: Page) => string | Promise<string>; words: string }> = {
  overview: { path: () => '/', words: 'Times in' },
  'add-a-database': { path: () => '/projects/new', words: 'Rotator URL' },
  connections: { path: ofProject('connections'), words: 'Open sessions can be seen and ended.' },
  activity: { path: ofProject('activity'), words: 'requested a rotation of' },
  rotation: { path: latestRotation, words: 'Only the new password works.' },
  'api-keys': { path: keysWithOne, words: 'Only a hash is stored.' },
  webhooks: { path: threeEndpoints, words: 'Answered' },
  audit: { path: () => '/audit', words: 'raw event' },
  'audit-record': { path: oldestRecord, words: 'This event is in its place.' },
  account: { path: () => '/account', words: 'A session ends 12 hours after its last use' },
  'new-policy': { path: () => '/policies/new?template=monthly', words: 'Change the rule and the preview follows.' },
  policies: { path: policiesWithOne, words: 'A policy set on a project wins over a tag rule' },
  policy: { path: onePolicy, words: 'Change the rule and the preview follows.' },
  settings: { path: ofProject('settings'), words: 'Forget this project' },
};

for (const [name, { path, words }] of Object.entries(PAGES)) {
  test(`${name}: no serious barrier, and nothing scrolls sideways`, async ({ page }) => {
    await page.goto(await path(page));
    await expect(page.getByText(words).first()).toBeVisible();
    for (const colorScheme of THEMES) await checkScreen(page, name, colorScheme);
  });
}

test('the overview says how old the passwords are; the palette finds a project, and what its page can do', async ({ page }) => {
  const path = await ofProject('connections')(page);
  await page.goto('/');
  await expect(page.getByRole('img', { name: /^Ages of \d+ password/ })).toBeVisible();
  await expect(page.getByRole('table', { name: /^\d+ rotations? in 12 weeks/ })).toContainText('This week');

  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  for (const colorScheme of THEMES) await checkScreen(page, 'palette', colorScheme);
  await page.keyboard.type('sho');
  await expect(palette.getByRole('option', { selected: true })).toContainText('shop');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${path}`);

  // It opens the very dialog that the button does.
  await expect(page.getByRole('button', { name: 'Rotate Credentials' })).toBeEnabled();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('rotate');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Rotate Credentials');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(page.getByRole('dialog', { name: /Rotate/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
