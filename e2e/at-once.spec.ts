import { jobAnswer } from '#lib/contract/job.ts';
import { projectAnswer } from '#lib/contract/project.ts';
import { expect, test } from './fixtures.ts';
import { postAtOnce } from './post-at-once.ts';
import { demoProject } from './project.ts';

test('of fifty who ask at once one is taken, and the others are told its job', async ({ page, baseURL }) => {
  const projectId = await demoProject(page);
  const read = async () => projectAnswer.parse(await (await page.request.get(`/api/v1/projects/${projectId}`)).json()).project;
  const before = await read();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

  const answers = await postAtOnce(new URL(`/api/v1/projects/${projectId}/credentials/rotate`, baseURL), { cookie, origin: new URL(baseURL ?? '').origin }, 50);
  const [taken, ...more] = answers.filter(({ status }) => status === 202);
  expect(more).toEqual([]);
  const { job } = jobAnswer.parse(taken?.body);
  for (const { status, body } of answers.filter((answer) => answer !== taken)) {
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'rotation_in_progress', job_id: job.id } });
  }
  await expect.poll(async () => (await read()).state).toBe('ready');
  expect((await read()).credential?.version).toBe((before.credential?.version ?? 0) + 1);
});
