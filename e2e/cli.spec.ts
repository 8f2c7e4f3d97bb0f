import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jobList } from '#lib/contract/job.ts';
import { projectList } from '#lib/contract/project.ts';
import { expect, test } from './fixtures.ts';
import { makeKey } from './make-key.ts';
import { demoProject, readConnections, tryUrl } from './project.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a shell line in which `rekey` is the program, with a home folder of its own. */
async function shell(line: string, home: string, env: Record<string, string> = {}, input = ''): Promise<Ended> {
  const own: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CONFIG_HOME: home,
    REKEY: join(process.cwd(), 'cli/rekey.mjs'),
    ...env,
  };
  const run = promisify(execFile)('bash', ['-c', `rekey() { node "$REKEY" "$@"; }; ${line}`], { env: own, cwd: home });
  run.child.stdin?.end(input);
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

test('the command line rotates, and its URL logs in', async ({ page, baseURL }, info) => {
  const home = info.outputPath();
  const projectId = await demoProject(page);
  const key = await makeKey(page, baseURL ?? '', ['projects:read', 'credentials:read', 'credentials:rotate', 'audit:read', 'encryption:rotate']);
  const as = { REKEY_PROJECT: projectId };
  expect(await shell('rekey projects', home)).toMatchObject({ code: 3, stdout: '' });

  expect(await shell(`rekey login ${baseURL}`, home, {}, 'rk_live_wrong')).toMatchObject({ code: 3 });
  expect(await shell(`rekey login ${baseURL}`, home, {}, `${key}\n`)).toMatchObject({ code: 0, stdout: '' });
  expect(statSync(join(home, 'rekey/settings.json')).mode & 0o777).toBe(0o600);

  const before = await readConnections(page, projectId);
  const rotated = await shell('rekey rotate --wait --reason routine && psql "$(rekey connection-string)" -Atc "SELECT current_user"', home, as);
  expect(rotated).toMatchObject({ code: 0, stdout: `${before.username}\n` });
  expect(rotated.stderr).toContain('Only the new password works.');
  expect(await tryUrl(before.direct_url)).toBe('28P01');

  const { projects } = projectList.parse(JSON.parse((await shell('rekey projects --json', home)).stdout));
  expect(projects.map(({ id }) => id)).toContain(projectId);
  const { jobs } = jobList.parse(JSON.parse((await shell('rekey jobs --json', home, as)).stdout));
  expect(jobs[0]).toMatchObject({ state: 'completed', rotation: { reason: 'routine' } });
  expect((await shell(`rekey jobs ${jobs[0]?.id}`, home)).stdout).toContain('Only the new password works.');
  expect((await shell('rekey audit tail', home)).stdout).toContain('project.credentials_rotated');

  expect(await shell('rekey keys rotate --wait', home)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('Everything is wrapped with the current key.'),
  });
  expect((await shell('rekey keys', home)).stdout).toMatch(/^[0-9a-f]{8} {2}local {2}current {2}\d+ values$/m);
  expect(await shell('rekey audit verify', home)).toMatchObject({ code: 0, stderr: expect.stringContaining('The audit log is whole') });

  const jdbc = await shell('rekey connection-string --pooled --format jdbc', home, as);
  expect(jdbc.stdout).toContain(`:${before.pooled_port}/`);
  expect(await shell('rekey env pull', home, as)).toMatchObject({ code: 0, stdout: '' });
  const url = /^DATABASE_URL_UNPOOLED="(.*)"$/m.exec(readFileSync(join(home, '.env'), 'utf8'))?.[1] ?? '';
  expect(await tryUrl(url)).toBe('accepted');

  expect(await shell('rekey connection-string no-such', home)).toMatchObject({ code: 4, stdout: '' });
  expect(await shell('rekey rotate --reason boredom', home)).toMatchObject({ code: 2 });
  expect(await shell('rekey projects', home, { REKEY_URL: 'http://127.0.0.1:9', REKEY_API_KEY: key })).toMatchObject({ code: 8 });
  expect(await shell('rekey logout && rekey projects', home)).toMatchObject({ code: 3 });
});
