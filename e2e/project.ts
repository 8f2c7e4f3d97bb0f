import type { Page } from '@playwright/test';
import pg from 'pg';
import { type ConnectionsWire, connectionsAnswer, projectList } from '#lib/contract/project.ts';

/** The demonstration project's id. */
export async function demoProject(page: Page): Promise<string> {
  const { projects } = projectList.parse(await (await page.request.get('/api/v1/projects')).json());
  const demo = projects.find((project) => project.name === 'shop');
  if (!demo) throw new Error('There is no demonstration: is PgBouncer installed and its port free?');
  return demo.id;
}

export async function readConnections(page: Page, projectId: string): Promise<ConnectionsWire> {
  const answer = await page.request.get(`/api/v1/projects/${projectId}/connections`);
  return connectionsAnswer.parse(await answer.json()).connections;
}

/** Logs in with a URL; `accepted`, or the server's code. */
export async function tryUrl(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return 'accepted';
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await client.end();
  }
}
