// Everyone who holds the old URL: providers that Rekey updates, and people who are told.
import type { Page } from '@playwright/test';
import { type ProviderFakes, startProviderFakes } from '#scripts/testing/provider-fakes.ts';
import type { Fault, ProviderFake } from '#scripts/testing/provider-server.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { demoProject, readConnections } from './project.ts';
import { PROVIDER_PORTS } from './provider-ports.ts';

// The browser logs that a wrong token is refused.
test.use({ expectedConsole: [/status of 422/] });
test.describe.configure({ mode: 'serial' });

let fakes: ProviderFakes;
test.beforeAll(async () => {
  fakes = await startProviderFakes(PROVIDER_PORTS);
});
test.afterAll(() => fakes.stop());

const TOKEN_REFUSED = { kind: 'answer', status: 403, body: { error: { code: 'forbidden', message: 'Not authorized', invalidToken: true } } } as const;

async function open(page: Page, tab: 'connections' | 'settings'): Promise<string> {
  const projectId = await demoProject(page);
  await page.goto(`/projects/${projectId}/${tab}`);
  return projectId;
}

/** Pastes a token and opens the step in which a place is chosen. */
async function pasteToken(page: Page, name: string, places: string, { token }: ProviderFake): Promise<void> {
  await page.getByRole('button', { name: `Connect ${name}` }).click();
  await page.getByRole('textbox', { name: 'Token' }).fill(token);
  await page.getByRole('button', { name: `List the ${places}` }).click();
}

/** Of an environment and of a branch: wider than a phone. */
const LONG = 'live-deployment-of-the-customer-portal-in-frankfurt-eu-central-1-behind-the-second-load-balancer';

const rotate = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Rotate Credentials' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate Credentials' }).click();
  await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();
};

test('providers are connected with a token that is proven first', async ({ page }) => {
  const projectId = await open(page, 'settings');
  const integrations = page.locator('#integrations');
  await page.getByRole('button', { name: 'Connect Vercel' }).click();
  await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
  await page.getByRole('button', { name: 'List the projects' }).click();
  await expect(page.getByText('The provider refused the token')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();

  fakes.vercel.holdForBranch(fakes.vercel.place.externalId, LONG, 'DATABASE_URL', 'by hand');
  await pasteToken(page, 'Vercel', 'projects', fakes.vercel);
  await page.getByRole('checkbox', { name: 'Development' }).click();
  await expect(page.getByRole('checkbox', { name: `Branch ${LONG}` })).toBeVisible();
  await checkScreen(page, 'connect-vercel', 'light');
  await page.getByRole('button', { name: 'Connect Vercel' }).click();
  const vercel = integrations.getByRole('listitem').filter({ hasText: 'Vercel · shop' });
  await expect(vercel.getByText('In sync')).toBeVisible();
  // Production values can be written there, not read.
  await expect(vercel.getByText('Sent, not readable').first()).toBeVisible();

  // An environment's own secret wins over that of the repository.
  const { externalId } = fakes.github.place;
  for (const name of ['production', LONG]) {
    fakes.github.addEnvironment(externalId, name);
    fakes.github.hold(externalId, [`environment:${name}`], 'DATABASE_URL', 'by hand');
  }
  fakes.github.share(externalId, 'DATABASE_URL');
  await pasteToken(page, 'GitHub', 'repositories', fakes.github);
  await expect(page.getByText('Environment production holds its own DATABASE_URL, which wins there.')).toBeVisible();
  await checkScreen(page, 'connect-github', 'light');
  await page.getByRole('checkbox', { name: 'Environment production' }).click();
  await expect(page.getByText('Environment production holds its own')).toBeHidden();
  await expect(page.getByText('The organization has a DATABASE_URL too.')).toBeVisible();
  await page.getByRole('button', { name: 'Connect GitHub Actions' }).click();
  await expect(integrations.getByRole('listitem').filter({ hasText: 'GitHub · acme/shop' }).getByText('Sent, not readable').first()).toBeVisible();
  const { pooled_url, direct_url } = await readConnections(page, projectId);
  const urls = { DATABASE_URL: pooled_url, DATABASE_URL_UNPOOLED: direct_url };
  expect(fakes.vercel.held(fakes.vercel.place.externalId, 'production')).toEqual(urls);
  for (const target of ['actions', 'environment:production']) expect(fakes.github.held(externalId, target)).toEqual(urls);
});

test('a rotation names them before the click, and brings them the new password', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const projectId = await open(page, 'connections');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
  await page.getByRole('textbox', { name: 'Owner' }).fill('ops@example.com');
  await page.getByRole('button', { name: 'Add the consumer' }).click();
  await page.getByRole('button', { name: 'Rotate Credentials' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: 'Updated automatically' })).toContainText('Vercel · shop 2 variables, redeploy manually');
  await expect(dialog.getByRole('region', { name: 'To be updated by a person' })).toContainText('Nightly report ops@example.com');
  await expect(dialog.getByText(`environment:${LONG} holds its own DATABASE_URL, which Rekey does not update.`)).toBeVisible();
  await checkScreen(page, 'rotate-dialog', 'dark');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('Escape');

  const before = await readConnections(page, projectId);
  await rotate(page);
  await expect(page.getByRole('listitem').filter({ hasText: 'Pushed' }).first()).toContainText('4 of 4');
  const { pooled_url } = await readConnections(page, projectId);
  expect(pooled_url).not.toBe(before.pooled_url);
  for (const target of ['production', 'development']) expect(fakes.vercel.held(fakes.vercel.place.externalId, target).DATABASE_URL).toBe(pooled_url);
  expect(fakes.github.held(fakes.github.place.externalId, 'actions').DATABASE_URL).toBe(pooled_url);

  await page.goto('/');
  await expect(page.getByText('2 manual consumers are to be updated.')).toBeVisible();
  await page.getByRole('link', { name: 'Checklist: shop' }).click();
  await expect(page.getByText('2 things left to do')).toBeVisible();
  await page.getByRole('button', { name: 'Redeploy' }).click();
  await expect(page.getByText('The provider started no deployment')).toBeVisible();
  fakes.vercel.link(fakes.vercel.place.externalId, { type: 'github', productionBranch: 'main', repoId: 1 });
  await page.getByRole('button', { name: 'Redeploy' }).click();
  await expect(page.getByText('a redeployment has started')).toBeVisible();
  expect(fakes.vercel.deployments).toMatchObject([{ place: fakes.vercel.place.externalId }]);
  await page.getByRole('checkbox', { name: 'Give the new URL to Nightly report' }).click();
  await expect(page.getByText('checked off by owner@example.com')).toBeVisible();
  await expect(page.getByText('left to do')).toBeHidden();
  await checkScreen(page, 'runbook', 'dark');
  await page.goto(`/projects/${projectId}/connections`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Nightly report' }).getByText('Updated')).toBeVisible();
});

test('what somebody changed there is found, and put back or kept', async ({ page }) => {
  const projectId = await open(page, 'settings');
  const vercel = page.locator('#integrations').getByRole('listitem').filter({ hasText: 'Vercel · shop' }).first();
  const change = () => fakes.vercel.hold(fakes.vercel.place.externalId, ['development'], 'DATABASE_URL', 'theirs');
  const held = () => fakes.vercel.held(fakes.vercel.place.externalId, 'development').DATABASE_URL;
  await vercel.getByRole('button', { name: 'Check' }).click();
  await expect(vercel.getByText('Vercel holds what Rekey wrote, as far as it can be read back.')).toBeVisible();
  change();
  await vercel.getByRole('button', { name: 'Check' }).click();
  await expect(vercel.getByText('Drifted').first()).toBeVisible();
  await expect(vercel.getByText('DATABASE_URL, development: The provider does not hold the value')).toBeVisible();
  await vercel.getByRole('button', { name: /^Put v\d+ back$/ }).click();
  await expect(vercel.getByText('In sync')).toBeVisible();
  expect(held()).toBe((await readConnections(page, projectId)).pooled_url);

  change();
  await vercel.getByRole('button', { name: 'Check' }).click();
  await page.goto(`/projects/${projectId}/connections`);
  await expect(page.getByText('Drifted').first()).toBeVisible();
  await checkScreen(page, 'changed-there', 'dark');
  await page.getByRole('button', { name: 'Keep theirs' }).click();
  await expect(page.getByText('owner@example.com keeps the changed value')).toBeVisible();
  expect(held()).toBe('theirs');
});

test('a broken integration says why and how to fix it, and is in sync again', async ({ page }) => {
  await open(page, 'settings');
  const vercel = page.locator('#integrations').getByRole('listitem').filter({ hasText: 'Vercel · shop' }).first();
  fakes.vercel.fail(TOKEN_REFUSED, Number.POSITIVE_INFINITY);
  await vercel.getByRole('button', { name: 'Sync now' }).click();
  await expect(vercel.getByText('The provider refused the token: it is wrong, expired or revoked. Replace the token.')).toBeVisible();
  await expect(vercel.getByText('Failed')).toBeVisible();
  await checkScreen(page, 'integrations', 'light');
  await page.setViewportSize({ width: 1440, height: 900 });

  const { externalId } = fakes.vercel.place;
  const refused = (code: string): Fault => ({ kind: 'partial', names: ['DATABASE_URL'], code });
  const theirs = () => fakes.vercel.holdManaged(externalId, ['production'], 'DATABASE_URL', 'of another integration');
  // What is wrong, what a person reads, and the button that fixes it.
  const wrongs = [
    [() => fakes.vercel.fail({ kind: 'answer', status: 403 }, Number.POSITIVE_INFINITY), 'The token may not change these variables.', 'Replace the token'],
    [() => fakes.vercel.fail({ kind: 'answer', status: 404 }, Number.POSITIVE_INFINITY), 'The project, site or repository is gone', 'Disconnect'],
    [() => fakes.vercel.fail(refused('ENV_CONFLICT'), Number.POSITIVE_INFINITY), 'Remove it there, or create one', 'Change the variables'],
    [() => fakes.vercel.fail(refused('bad_request'), Number.POSITIVE_INFINITY), 'refused the variable’s name or value. Choose', 'Change the variables'],
    [theirs, 'DATABASE_URL, production: The variable belongs to another integration', 'Change the variables'],
    // It is unavailable: nobody has to do anything.
    [() => fakes.vercel.fail({ kind: 'answer', status: 503 }, Number.POSITIVE_INFINITY), 'an internal error. Rekey retries automatically.', 'Trying again'],
  ] as const;
  for (const [breakIt, words, fix] of wrongs) {
    fakes.vercel.recover();
    breakIt();
    const sync = vercel.getByRole('button', { name: 'Sync now' });
    await expect(sync).not.toHaveAttribute('aria-disabled', 'true');
    await sync.click();
    await expect(vercel.getByText(words).first()).toBeVisible();
    await expect(vercel.getByText(fix).first()).toBeVisible();
  }
  fakes.vercel.recover();
  fakes.vercel.hold(externalId, ['production'], 'DATABASE_URL', 'of nobody');
  fakes.vercel.fail(TOKEN_REFUSED, Number.POSITIVE_INFINITY);
  await page.getByRole('button', { name: 'More for Vercel' }).click();
  await page.getByRole('menuitem', { name: 'Replace the token' }).click();
  await page.getByRole('textbox', { name: 'New token' }).fill(fakes.vercel.token);
  const replace = page.getByRole('dialog').getByRole('button', { name: 'Replace the token' });
  await replace.click();
  await expect(page.getByRole('dialog').getByText('The provider refused the token')).toBeVisible();
  fakes.vercel.recover();
  await replace.click();
  await expect(vercel.getByText('In sync')).toBeVisible();

  // Another page that is open follows.
  const other = await page.context().newPage();
  await open(other, 'connections');
  const consumers = other.getByRole('region', { name: 'Consumers' });
  await expect(consumers.getByText('GitHub · acme/shop')).toBeVisible();
  for (const name of ['Vercel', 'GitHub']) {
    await page.getByRole('button', { name: `More for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: `Disconnect ${name}` }).click();
    await expect(page.getByRole('button', { name: `Connect ${name}` })).toBeVisible();
    await expect(consumers.getByText(`${name} · `)).toBeHidden();
  }
  expect(fakes.violations()).toEqual([]);
});
