import type { Page } from '@playwright/test';
import { projectAnswer } from '#lib/contract/project.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { demoProject } from './project.ts';

test.setTimeout(120_000);

const THEMES = ['light', 'dark'] as const;

let maria: MariadbTarget;
test.beforeAll(async () => {
  maria = await startMariadbTarget({ certificate: makeCertificate('localhost') });
});
test.afterAll(() => maria.stop());

const originOf = (page: Page) => ({ origin: new URL(page.url()).origin });
const section = (page: Page, name: string) => page.getByRole('region', { name });

async function projectOf(page: Page, id: string) {
  return projectAnswer.parse(await (await page.request.get(`/api/v1/projects/${id}`)).json()).project;
}

/** Looks at a screen in both themes, wide and narrow, and goes back to the wide one. */
async function look(page: Page, name: string) {
  for (const theme of THEMES) await checkScreen(page, name, theme);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('a rotator names the other projects it will serve; a server with another key is trusted by its fingerprint', async ({ page }) => {
  await page.goto('/');
  const adopt = async (name: string) => {
    const data = { name, connection_url: maria.urlOf(await maria.createLogin(name)), ssl_mode: 'require', environment: 'non_production' };
    const answer = await page.request.post('/api/v1/projects', { headers: originOf(page), data });
    expect(answer.status()).toBe(201);
    const { id } = projectAnswer.parse(await answer.json()).project;
    await expect.poll(async () => (await projectOf(page, id)).state).toBe('ready');
    return id;
  };
  const [id, other] = [await adopt('keyed'), await adopt('keyed_too')];
  const dialog = page.getByRole('dialog');

  await page.goto(`/projects/${id}/settings`);
  const logins = section(page, 'Pooler and rotator');
  await logins.getByRole('textbox', { name: 'Rotator URL' }).fill(maria.urlOf(await maria.createRotator('key_rotator')));
  await logins.getByRole('button', { name: 'Add the rotator URL' }).click();
  await expect(dialog.getByText('keyed_too')).toBeVisible();
  await look(page, 'rotator-dialog');
  await dialog.getByRole('button', { name: 'Save the rotator' }).click();
  await expect(dialog).toBeHidden();
  await expect(logins.getByText('now key_rotator')).toBeVisible();
  await expect.poll(async () => (await projectOf(page, id)).state).toBe('ready');

  const trusted = (await projectOf(page, id)).protection.direct?.server_key ?? '';
  expect(trusted).toMatch(/^[0-9a-f]{64}$/);
  await maria.replaceCertificate(makeCertificate('localhost'));
  expect((await page.request.post(`/api/v1/projects/${id}/verify`, { headers: originOf(page) })).status()).toBe(202);
  const keys = section(page, 'Server key');
  await expect(keys.getByText('a key that is not the trusted one', { exact: false })).toBeVisible();
  const [refused] = (await projectOf(page, id)).protection.refused_keys;
  const offered = refused?.offered ?? '';
  expect(offered).not.toBe(trusted);
  for (const fingerprint of [trusted, offered]) await expect(keys.getByText(fingerprint).first()).toBeVisible();
  await look(page, 'refused-key');

  await keys.getByRole('button', { name: 'Trust the new key' }).click();
  for (const fingerprint of [trusted, offered]) await expect(dialog.getByText(fingerprint)).toBeVisible();
  await look(page, 'trust-key-dialog');
  await dialog.getByRole('button', { name: 'Trust the new key' }).click();
  await expect(dialog).toBeHidden();
  await expect(keys.getByText('a key that is not the trusted one', { exact: false })).toBeHidden();
  await expect(keys.getByText(offered)).toBeVisible();

  // A page of a project that is deleted behind it would ask for it once more.
  await page.goto('/');
  for (const each of [id, other]) expect((await page.request.delete(`/api/v1/projects/${each}`, { headers: originOf(page) })).status()).toBe(200);
});

test('a person allows passwords in plain text for one login, and takes it back', async ({ page }) => {
  const id = await demoProject(page);
  await page.goto(`/projects/${id}/settings`);
  const choice = section(page, 'Server key').getByRole('checkbox', { name: /^Send new passwords in plain text/ });
  await expect(choice).not.toBeChecked();
  await choice.click();
  await expect(choice).toBeChecked();
  expect((await projectOf(page, id)).sends_plaintext).toBe(true);
  await look(page, 'sends-plaintext');
  await expect.poll(async () => (await projectOf(page, id)).state).toBe('ready');
  await choice.click();
  await expect(choice).not.toBeChecked();
  expect((await projectOf(page, id)).sends_plaintext).toBe(false);
  await expect.poll(async () => (await projectOf(page, id)).state).toBe('ready');
});
