import type { Page } from '@playwright/test';
import { me } from '#lib/contract/account.ts';
import { type Dialect, deliveryList, type WebhookEndpointWire, webhookEndpointList, webhookEndpointWithSecret } from '#lib/contract/webhook.ts';
import { startReceiver } from '#scripts/testing/receiver.ts';
import { expect } from './fixtures.ts';

/** As the page itself sends it: a request from another site is refused. */
const post = (page: Page, path: string, data: object = {}) => page.request.post(path, { headers: { origin: new URL(page.url()).origin }, data });

async function endpointsPath(page: Page): Promise<string> {
  const { organization } = me.parse(await (await page.request.get('/api/v1/me')).json());
  return `/api/v1/organizations/${organization.id}/webhook-endpoints`;
}

async function listEndpoints(page: Page): Promise<WebhookEndpointWire[]> {
  return webhookEndpointList.parse(await (await page.request.get(await endpointsPath(page))).json()).webhook_endpoints;
}

async function addEndpoint(page: Page, url: string, dialect: Dialect, types: string[]): Promise<string> {
  const answer = await post(page, await endpointsPath(page), { url, dialect, event_types: types });
  return webhookEndpointWithSecret.parse(await answer.json()).webhook_endpoint.id;
}

/** Sends a test and waits until it has been tried. */
async function tell(page: Page, endpointId: string): Promise<void> {
  const at = `${await endpointsPath(page)}/${endpointId}`;
  await post(page, `${at}/test`);
  await expect
    .poll(async () => deliveryList.parse(await (await page.request.get(`${at}/deliveries`)).json()).deliveries.every(({ attempts }) => attempts > 0), {
      timeout: 20_000,
    })
    .toBe(true);
}

/** Three endpoints as the design shows them: one that failed once, Slack, and one that is gone. Made once; answers the page that shows the first. */
export async function threeEndpoints(page: Page): Promise<string> {
  await page.goto('/');
  const there = (await listEndpoints(page)).find(({ url }) => url.endsWith('/rekey'));
  return `/settings/webhooks?endpoint=${there?.id ?? (await makeThree(page))}`;
}

async function makeThree(page: Page): Promise<string> {
  const receiver = await startReceiver();
  let status = 200;
  receiver.answer((response) => {
    if (response.req.url === '/gone') response.writeHead(410).end();
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: status === 200 }));
  });
  const at = (path: string) => new URL(path, receiver.url).href;
  await tell(page, await addEndpoint(page, at('/gone'), 'vector', ['vector.site.*']));
  await tell(page, await addEndpoint(page, at('/services/db-alerts'), 'slack', ['*']));
  const first = await addEndpoint(page, at('/rekey'), 'standard', ['credentials.rotated', 'job.failed']);
  await tell(page, first);
  status = 503;
  await tell(page, first);
  await receiver.stop();
  return first;
}
