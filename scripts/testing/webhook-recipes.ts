// Receivers after the two published recipes for `t=…,v1=…` signatures, with a secret that can be changed under them.
import { spawn } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { programEnv } from '#scripts/servers/child-env.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { startReceiver } from './receiver.ts';

export interface RecipeReceiver {
  url: string;
  /** Gives it another secret: what comes from now on is verified with that one alone. */
  install: (secret: string) => void;
  stop: () => Promise<void>;
}

/** The Node recipe: the last `v1` of the header counts; within five minutes; compared in constant time. */
function verifies(payload: string, header: string, secret: string): boolean {
  const parts: Record<string, string> = {};
  for (const part of header.split(',')) {
    const [name = '', value = ''] = part.split('=');
    parts[name] = value;
  }
  const timestamp = Number.parseInt(parts.t ?? '', 10);
  if (!(Math.abs(Date.now() / 1000 - timestamp) <= 300)) return false;
  const computed = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return computed.length === parts.v1?.length && timingSafeEqual(Buffer.from(computed), Buffer.from(parts.v1));
}

export async function startNodeRecipe(header: string): Promise<RecipeReceiver> {
  let secret = '';
  const receiver = await startReceiver();
  receiver.answer((response) => {
    const { headers = {}, body = '' } = receiver.received.at(-1) ?? {};
    response.writeHead(verifies(body, String(headers[header.toLowerCase()]), secret) ? 200 : 401).end();
  });
  return {
    url: receiver.url,
    install: (next) => {
      secret = next;
    },
    stop: receiver.stop,
  };
}

/** The PHP recipe in PHP's own server. */
export async function startPhpRecipe(header: string): Promise<RecipeReceiver> {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-recipe-'));
  const file = join(dir, 'secret');
  writeFileSync(file, '');
  const port = await freePort();
  const script = fileURLToPath(new URL('webhook-recipe.php', import.meta.url));
  const env = { ...programEnv(), RECIPE_SECRET_FILE: file, RECIPE_HEADER: `HTTP_${header.toUpperCase().replaceAll('-', '_')}` };
  const child = spawn('php', ['-d', 'opcache.enable=0', '-S', `127.0.0.1:${port}`, script], { env, stdio: 'ignore' });
  while (!(await isListening(port))) await delay(20);
  return {
    url: `http://127.0.0.1:${port}/hook`,
    install: (next) => writeFileSync(file, next),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.end();
      resolve(true);
    });
  });
}
