// A webhook receiver that checks every signature, refuses some deliveries, and counts which jobs it was told of.
import { Webhook } from 'standardwebhooks';
import type { EventType } from '#lib/contract/webhook.ts';
import { type Received, startReceiver } from '#scripts/testing/receiver.ts';

export interface Hearer {
  /** Whether it was told so of the job. */
  wasTold: (type: EventType, jobId: string) => boolean;
  /** How many deliveries it accepted. */
  heard: () => number;
  /** Deliveries whose signature did not fit. */
  forged: () => number;
  /** Whether it refuses every twentieth delivery, so that it has to be sent again. */
  refuseSome: (on: boolean) => void;
  stop: () => Promise<void>;
}

/** Starts it and registers it for all events of the organization. */
export async function startHearer(organizationId: string): Promise<Hearer> {
  const receiver = await startReceiver();
  const { createWebhookEndpoint } = await import('#lib/webhooks/create-webhook-endpoint.ts');
  const context = { organizationId, actor: { kind: 'system', id: null, name: 'soak' }, origin: {} } as const;
  const { plaintext_secret: secret } = await createWebhookEndpoint(context, { url: receiver.url, event_types: ['*'] });
  const webhook = new Webhook(secret ?? '');
  const told = new Set<string>();
  let isRefusing = true;
  let [asked, heard, forged] = [0, 0, 0];
  receiver.answer((response) => {
    asked += 1;
    const all = receiver.received.splice(0);
    if (isRefusing && asked % 20 === 0) return response.writeHead(503).end();
    for (const one of all) if (!hear(one)) forged += 1;
    response.writeHead(204).end();
  });
  function hear({ body, headers }: Received): boolean {
    try {
      webhook.verify(body, headers as Record<string, string>);
    } catch {
      return false;
    }
    heard += 1;
    const { type, data } = JSON.parse(body) as { type: string; data: { job_id?: string } };
    if (data.job_id) told.add(`${type} ${data.job_id}`);
    return true;
  }
  return {
    wasTold: (type, jobId) => told.has(`${type} ${jobId}`),
    heard: () => heard,
    forged: () => forged,
    refuseSome: (on) => {
      isRefusing = on;
    },
    stop: receiver.stop,
  };
}
