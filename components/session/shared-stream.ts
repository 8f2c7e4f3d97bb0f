/** What the stream says, to every tab. */
export type StreamNews = { type: 'open' } | { type: 'beat' } | { type: 'message'; data: string };
/** What a tab asks of the one that holds the stream: to open it where it has ended, or anew in any case. */
type Request = { type: 'revive' } | { type: 'restart' };

/** The name of the lock and of the channel. */
const NAME = 'rekey-live';
const ADDRESS = '/api/v1/live';

export interface SharedStream {
  /** Opens the stream where it has ended. */
  revive: () => void;
  /** Opens it anew. */
  restart: () => void;
  close: () => void;
}

/**
 * Listens to the one live stream of this browser: the tab that holds the lock opens it and tells the others. A browser
 * makes six connections to a server at most, so a stream for each tab would leave none for anything else. When that tab
 * closes, the next one takes over. On an address without TLS browsers have no locks: a tab then has a stream of its own
 * while somebody sees it.
 */
export function openSharedStream(hear: (news: StreamNews) => void): SharedStream {
  return 'locks' in navigator ? shareStream(hear) : openWhileSeen(hear);
}

function openStream(tell: (news: StreamNews) => void): EventSource {
  const stream = new EventSource(ADDRESS);
  stream.addEventListener('open', () => tell({ type: 'open' }));
  stream.addEventListener('beat', () => tell({ type: 'beat' }));
  stream.addEventListener('message', ({ data }: MessageEvent<string>) => tell({ type: 'message', data }));
  return stream;
}

function shareStream(hear: (news: StreamNews) => void): SharedStream {
  const channel = new BroadcastChannel(NAME);
  const over = new AbortController();
  const closed = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
  let stream: EventSource | null = null;
  const tell = (news: StreamNews) => {
    hear(news);
    channel.postMessage(news);
  };
  const handle = (request: Request) => {
    if (stream && request.type === 'revive' && stream.readyState !== EventSource.CLOSED) return;
    stream?.close();
    stream = openStream(tell);
  };
  const ask = (request: Request) => (stream ? handle(request) : channel.postMessage(request));
  channel.addEventListener('message', ({ data }: MessageEvent<StreamNews | Request>) => {
    if (data.type !== 'revive' && data.type !== 'restart') hear(data);
    else if (stream) handle(data);
  });
  navigator.locks
    .request(NAME, { signal: over.signal }, async () => {
      stream = openStream(tell);
      await closed;
      stream.close();
    })
    // It is asked for until the tab closes, and that is the only way in which it is not granted.
    .catch(() => undefined);
  return {
    revive: () => ask({ type: 'revive' }),
    restart: () => ask({ type: 'restart' }),
    close: () => {
      over.abort();
      channel.close();
    },
  };
}

function openWhileSeen(hear: (news: StreamNews) => void): SharedStream {
  let stream: EventSource | null = null;
  const restart = () => {
    stream?.close();
    stream = document.hidden ? null : openStream(hear);
  };
  const revive = () => {
    if (!document.hidden && (!stream || stream.readyState === EventSource.CLOSED)) restart();
  };
  document.addEventListener('visibilitychange', restart);
  restart();
  return {
    revive,
    restart,
    close: () => {
      document.removeEventListener('visibilitychange', restart);
      stream?.close();
    },
  };
}
