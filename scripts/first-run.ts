// What a start needs to be in the database: an organization, the owner that the environment names, the demonstration.
// Reads what the launcher tells it from its standard input, answers one line of JSON.
import { json } from 'node:stream/consumers';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { describeError } from '#lib/kernel/log.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { closeWake } from '#lib/queue/wake.ts';
import { checkStart } from '#lib/set-up/check-start.ts';
import { createSetupLink } from '#lib/set-up/create-setup-link.ts';
import { ensureOrganization } from '#lib/set-up/ensure-organization.ts';
import { initialiseFromEnv } from '#lib/set-up/initialise-from-env.ts';
import { demoSiteState } from './find-demo-site.ts';
import type { Demo } from './launcher/demo.ts';
import type { FirstRunInput } from './launcher/first-run-process.ts';
import { makeDemoLogins } from './make-demo-logins.ts';

const { demo, isDemoSiteNew } = (await json(process.stdin)) as FirstRunInput;

async function adoptDemo(organizationId: string, { superuserUrl, directPort, pooledPort }: Demo): Promise<void> {
  // A start that was cut off after this has its project: new passwords would lock it out.
  if ((await db.project.count()) > 0) return;
  const { app, rotator } = await makeDemoLogins(superuserUrl);
  const url = ({ user, password }: typeof app, port: number) => `postgresql://${user}:${password.reveal()}@127.0.0.1:${port}/shop`;
  await createProject(systemContext(organizationId, 'demonstration'), {
    name: 'shop',
    environment: 'non_production',
    connection_url: url(app, directPort),
    rotator_url: url(rotator, directPort),
    ...(pooledPort ? { pooled_connection_url: url(app, pooledPort) } : {}),
  });
}

/** A demonstration that cannot be made is no reason for Rekey not to start. */
async function tryDemo(organizationId: string, made: Demo): Promise<{ isAdopted: boolean; why: string }> {
  try {
    await adoptDemo(organizationId, made);
    return { isAdopted: true, why: '' };
  } catch (error) {
    return { isAdopted: false, why: error instanceof DomainError ? error.message : JSON.stringify(describeError(error)) };
  }
}

await checkStart();
const organization = await ensureOrganization();
await initialiseFromEnv().catch((error: unknown) => {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`Rekey cannot start: ${error.message}\n`);
  process.exit(1);
});
const adopted = demo?.isNew ? await tryDemo(organization.id, demo) : null;
const demoSite = isDemoSiteNew === undefined ? 'none' : await demoSiteState(isDemoSiteNew);
const setUpPath = await createSetupLink();
await closeWake();
await db.$disconnect();
console.log(JSON.stringify({ setUpPath, demo: adopted, demoSite }));
