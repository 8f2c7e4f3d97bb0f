import { DIALECTS } from '#lib/contract/webhook.ts';
import { db } from '#lib/kernel/db.ts';
import { DELIVERY_FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { findSecrets } from '#scripts/testing/canary.ts';
import { type Received, startReceiver } from '#scripts/testing/receiver.ts';
import { RoundFault, settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { ask, makeSubject, type Subject, storedCredentials } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

/** The header that names a delivery, where a dialect has one; elsewhere the event is named. */
const DELIVERY_HEADERS: Partial<Record<string, string>> = { vector: 'x-vector-delivery', capydb: 'x-capydb-delivery' };

/** What a receiver tells two deliveries apart by: the event, or the delivery. */
function idOf({ path, headers, body }: Received): string {
  const header = DELIVERY_HEADERS[path.slice(1)];
  if (header) return String(headers[header]);
  return path === '/slack' ? (/evt_\w+/.exec(body)?.[0] ?? '') : String(headers['webhook-id']);
}

/** Every delivery of a job's events came, under its id and no other, and no password in any. */
async function checkTold(subject: Subject, jobId: string, received: Received[]): Promise<void> {
  const deliveries = await db.delivery.findMany({ where: { event: { data: { path: ['job_id'], equals: jobId } } }, include: { endpoint: true } });
  const wanted = deliveries.map(({ id, eventId, endpoint }) => `/${endpoint.dialect} ${endpoint.dialect in DELIVERY_HEADERS ? id : eventId}`);
  const came = new Set(received.map((one) => `${one.path} ${idOf(one)}`));
  if (wanted.length !== 2 * DIALECTS.length) throw new RoundFault('fault', `${wanted.length} deliveries were written`);
  const lost = wanted.filter((one) => !came.has(one));
  if (lost.length > 0) throw new RoundFault('fault', `never delivered: ${lost.join(', ')}`);
  if (came.size !== wanted.length) throw new RoundFault('fault', `delivered under other ids: ${[...came].join(', ')}`);
  const passwords = Object.fromEntries((await storedCredentials(subject)).map(({ version, login }) => [`v${version}`, login.password.reveal()]));
  const [found] = findSecrets(passwords, [{ name: 'what was sent', text: JSON.stringify(received) }]);
  if (found) throw new RoundFault('fault', `${found.secret} (${found.form}) was sent to a receiver, after ${found.before}`);
}

/** kill -9 of the worker once a rotation is committed and at each step of telling it to an endpoint of each dialect, and a fresh worker. */
export const killAtDelivery: Scenario = (rig) =>
  (['complete.committed', ...DELIVERY_FAILPOINTS] as const).map((failpoint) => {
    const made = lazy(async () => {
      const receiver = await startReceiver();
      rig.stopAtEnd(receiver);
      const subject = await makeSubject(await rig.target({}), 'rotator');
      for (const dialect of DIALECTS)
        await createWebhookEndpoint(subject.context, { url: new URL(`/${dialect}`, receiver.url).href, dialect, event_types: ['credentials.*', 'job.*'] });
      return { subject, receiver };
    });
    return {
      name: `kill at ${failpoint}, with events to deliver`,
      play: async () => {
        const { subject, receiver } = await made();
        receiver.received.length = 0;
        const [asked, doomed] = await Promise.all([ask(subject), rig.yard.start({ REKEY_FAILPOINTS: failpoint })]);
        await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
        await rig.takeOver([asked]);
        const ending = await settle(asked);
        const where = { organizationId: subject.context.organizationId, state: { not: 'delivered' } } as const;
        await until('every event to be delivered', async () => (await db.delivery.count({ where })) === 0);
        await checkTold(subject, asked.jobId, receiver.received);
        return { endings: [ending], hits: 1 };
      },
    };
  });
