import { Webhook } from 'standardwebhooks';
import { startReceiver } from '#scripts/testing/receiver.ts';
import { expect, test } from './fixtures.ts';

test('an endpoint is added, tested, given another secret, turned off by Rekey when it is gone, and deleted', async ({ page }) => {
  const receiver = await startReceiver();
  receiver.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{ "ok": true }'));
  await page.goto('/settings/webhooks');
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'URL' }).fill('not a URL');
  await dialog.getByText('Selected events').click();
  await dialog.getByRole('button', { name: 'Add the endpoint' }).click();
  await expect(dialog.getByText('Enter an http or https URL')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'URL' }).fill(receiver.url);
  await dialog.getByRole('button', { name: 'Add the endpoint' }).click();

  const first = (await page.getByText(/^whsec_/).textContent()) ?? '';
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByText(first)).toBeHidden();

  // The newest endpoint stands first and is the one that is shown.
  await page.getByRole('link', { name: receiver.url }).click();
  const deliveries = page.getByRole('region', { name: /^Deliveries to/ });
  await deliveries.getByRole('button', { name: 'Send a test' }).click();
  await expect(deliveries.getByRole('row', { name: /Delivered webhook\.test/ })).toBeVisible();
  await expect(deliveries.getByRole('region', { name: 'Answered' })).toContainText('"ok": true');
  await expect(deliveries.getByRole('region', { name: 'Sent' })).toContainText(/webhook-signature: v1,.{4}….{4}/);
  await expect(page.getByRole('listitem').filter({ hasText: receiver.url })).toContainText('Answers');
  const verify = (secret: string) =>
    new Webhook(secret).verify(receiver.received.at(-1)?.body ?? '', receiver.received.at(-1)?.headers as Record<string, string>);
  expect(verify(first)).toMatchObject({ type: 'webhook.test' });

  await deliveries.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click();
  const second = (await page.getByText(/^whsec_/).textContent()) ?? '';
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await deliveries.getByRole('button', { name: /^Redeliver/ }).click();
  await expect.poll(() => receiver.received.length).toBe(2);
  for (const secret of [first, second]) expect(verify(secret)).toMatchObject({ type: 'webhook.test' });

  // What goes wrong is told, with what to do.
  const wrongs: [Parameters<typeof receiver.answer>[0], string][] = [
    [(response) => response.writeHead(302, { location: 'https://elsewhere.example.com/' }).end(), 'Rekey follows none. Use the URL it leads to.'],
    [(response) => response.writeHead(500).end(Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256))), 'Its response may show why.'],
    [(response) => response.writeHead(200).end(Buffer.alloc(10_000_000, 'x')), '4 KiB are kept'],
  ];
  for (const [answer, words] of wrongs) {
    receiver.answer(answer);
    await deliveries.getByRole('button', { name: 'Send a test' }).click();
    await expect(deliveries.getByText(words)).toBeVisible();
  }

  receiver.answer((response) => response.writeHead(410).end());
  await deliveries.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByText(/Rekey turned it off on .* answered 410 Gone/)).toBeVisible();
  await page.getByRole('switch', { name: `${receiver.url} receives events` }).click();
  await expect(page.getByText('Rekey turned it off on')).toBeHidden();

  await deliveries.getByRole('button', { name: 'More about this endpoint' }).click();
  await page.getByRole('menuitem', { name: 'Delete the endpoint' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the endpoint' }).click();
  await expect(page.getByRole('link', { name: receiver.url })).toBeHidden();
  await receiver.stop();
});
