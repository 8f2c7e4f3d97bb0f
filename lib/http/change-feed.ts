import pg from 'pg';
import { z } from 'zod';
import { env } from '#lib/env.ts';
import { describeError, log } from '#lib/log.ts';
import { type LiveEvent, liveEvent } from './wire/live.ts';

const CHANNEL = 'rekey_changed';
const message = liveEvent.extend({ organization_id: z.string() });

/** One open page. */
export interface Subscriber {
  organizationId: string;
  onChange: (event: LiveEvent) => void;
  /** Changes may have been missed, or the process ends: the page comes back and asks for everything. */
  onLost: () => void;
}

interface Feed {
  subscribers: Set<Subscriber>;
  connection: Promise<void> | null;
}

const cache = globalThis as typeof globalThis & { rekeyFeed?: Feed };
cache.rekeyFeed ??= startFeed();
const feed = cache.rekeyFeed;

function startFeed(): Feed {
  const made: Feed = { subscribers: new Set(), connection: null };
  // An open stream would keep the web server from ending.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => lose(made));
  return made;
}

function lose(lost: Feed): void {
  lost.connection = null;
  for (const subscriber of lost.subscribers) subscriber.onLost();
  lost.subscribers.clear();
}

function publish(payload: string | undefined): void {
  const { organization_id, ...event } = message.parse(JSON.parse(payload ?? ''));
  for (const subscriber of feed.subscribers) if (subscriber.organizationId === organization_id) subscriber.onChange(event);
}

async function listen(): Promise<void> {
  const client = new pg.Client({ connectionString: env.DATABASE_URL, application_name: 'rekey live', keepAlive: true });
  client.on('error', (error) => log.warn({ error: describeError(error) }, 'live feed lost'));
  client.on('end', () => lose(feed));
  client.on('notification', ({ payload }) => publish(payload));
  await client.connect();
  await client.query(`LISTEN ${CHANNEL}`);
}

/** Makes sure that changes are listened to: one connection to the store, however many pages. */
export async function connectFeed(): Promise<void> {
  feed.connection ??= listen().catch((error: unknown) => {
    feed.connection = null;
    throw error;
  });
  await feed.connection;
}

/** Tells of the organization's changes from now on. Answers the way to stop. */
export function subscribe(subscriber: Subscriber): () => void {
  feed.subscribers.add(subscriber);
  return () => void feed.subscribers.delete(subscriber);
}
