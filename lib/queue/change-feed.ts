import { randomBytes } from 'node:crypto';
import net from 'node:net';
import pLimit from 'p-limit';
import pg from 'pg';
import { z } from 'zod';
import { type LiveEvent, liveEvent } from '#lib/contract/common.ts';
import { env } from '#lib/kernel/env.ts';
import { describeError, log } from '#lib/kernel/log.ts';

const CHANNEL = 'rekey_changed';
const message = liveEvent.extend({ organization_id: z.string() });

/** How often the connection notifies itself. Pages take five seconds of silence for a dead stream. */
const BEAT_MS = 2_000;
/** After so long without hearing itself the connection is dead, whatever the socket says. */
const SILENT_MS = 5_000;

/** One open page. */
export interface Subscriber {
  organizationId: string;
  onChange: (event: LiveEvent) => void;
  /** The store has just been heard: a change would have been heard as well. */
  onBeat?: () => void;
  /** Changes may have been missed, or the process ends: the page comes back and asks for everything. */
  onLost: () => void;
}

interface Connection {
  /** Resolves once what was committed before has been heard; rejects where the connection is lost. */
  catchUp: () => Promise<unknown>;
}

interface Feed {
  subscribers: Set<Subscriber>;
  connection: Promise<Connection> | null;
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

/**
 * Listens for changes on a connection that also notifies itself and must hear it: one that died without a word, as behind
 * a firewall that forgot it, looks open for hours.
 */
async function listen(): Promise<Connection> {
  const ownChannel = `rekey_beat_${randomBytes(8).toString('hex')}`;
  const socket = new net.Socket();
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: 'rekey live',
    keepAlive: true,
    connectionTimeoutMillis: SILENT_MS,
    stream: () => socket,
  });
  // One statement at a time: the driver wants it so.
  const turn = pLimit(1);
  let next: Promise<unknown> | null = null;
  const ask = async () => {
    next = null;
    const timeout = setTimeout(() => socket.destroy(), SILENT_MS);
    await client.query('SELECT').finally(() => clearTimeout(timeout));
  };
  let heardAt = performance.now();
  const beat = () => {
    // With no page open nobody has to know whether the store is heard.
    if (feed.subscribers.size === 0) heardAt = performance.now();
    else if (performance.now() - heardAt > SILENT_MS) socket.destroy();
    // Not awaited: one that gets no answer is noticed by its silence.
    else turn(() => client.query(`NOTIFY ${ownChannel}`)).catch(() => undefined);
  };
  let timer: NodeJS.Timeout | undefined;
  client.on('error', (error) => log.warn({ error: describeError(error) }, 'live feed lost'));
  client.on('end', () => {
    clearInterval(timer);
    lose(feed);
  });
  client.on('notification', ({ channel, payload }) => {
    if (channel !== ownChannel) return publish(payload);
    heardAt = performance.now();
    for (const subscriber of feed.subscribers) subscriber.onBeat?.();
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}; LISTEN ${ownChannel}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  heardAt = performance.now();
  timer = setInterval(beat, BEAT_MS);
  return {
    // Who asks while a statement is sent shares the next one.
    catchUp: () => {
      next ??= turn(ask);
      return next;
    },
  };
}

function connect(): Promise<Connection> {
  feed.connection ??= listen().catch((error: unknown) => {
    feed.connection = null;
    throw error;
  });
  return feed.connection;
}

/** Makes sure that changes are listened to: one connection to the store, however many pages. */
export async function connectFeed(): Promise<void> {
  await connect();
}

/**
 * Resolves once the subscribers know of each change that was committed before: the store sends a session what it has to
 * hear ahead of the answer to its next statement. Throws where changes cannot be heard.
 */
export async function catchUpWithChanges(): Promise<void> {
  const { catchUp } = await connect();
  await catchUp();
}

/** Tells of the organization's changes from now on. Answers the way to stop. */
export function subscribe(subscriber: Subscriber): () => void {
  feed.subscribers.add(subscriber);
  return () => void feed.subscribers.delete(subscriber);
}
