// Many tabs of one browser: a browser makes six connections to a server at most, so they share one live stream.
import { expect, test } from './fixtures.ts';
import { demoProject } from './project.ts';

test('eight tabs share one live stream, all are live, and the next one takes over when its tab closes', async ({ page, context }) => {
  const projectId = await demoProject(page);
  const streams: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/api/v1/live')) streams.push(request.url());
  });
  const rename = async (name: string) => {
    const answer = await page.request.patch(`/api/v1/projects/${projectId}`, { data: { name }, headers: { origin: new URL(page.url()).origin } });
    expect(answer.status()).toBe(200);
  };
  await page.goto(`/projects/${projectId}/activity`);
  await expect.poll(() => streams.length).toBe(1);
  const tabs = [page];
  for (let opened = 1; opened < 8; opened++) {
    const tab = await context.newPage();
    // The seventh would never load if each had a stream of its own.
    await tab.goto(`/projects/${projectId}/activity`);
    await expect(tab.getByRole('heading', { name: 'Jobs' })).toBeVisible();
    tabs.push(tab);
  }
  expect(streams).toHaveLength(1);
  try {
    await rename('shop in many tabs');
    for (const tab of tabs) await expect(tab.getByRole('link', { name: 'shop in many tabs' }).first()).toBeVisible();
    // The one that holds the stream goes; `page` itself has to stay for the requests.
    await page.goto('about:blank');
    await expect.poll(() => streams.length).toBe(2);
    await page.goto(`/projects/${projectId}/activity`);
    await rename('shop after it');
    for (const tab of tabs) await expect(tab.getByRole('link', { name: 'shop after it' }).first()).toBeVisible();
    expect(streams).toHaveLength(2);
  } finally {
    await rename('shop');
    for (const tab of tabs) if (tab !== page) await tab.close();
  }
});
