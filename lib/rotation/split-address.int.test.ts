// The direct address leads elsewhere once the password has changed: to a copy of the server, or a proxy with passwords of its own.
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';

let changed: TestTarget;
let copy: TestTarget;
/** Forwards to the server that is changed, and from the change on to its copy. Sessions stay where they are. */
let relay: net.Server;
let hasChanged = false;
const sockets = new Set<net.Socket>();
beforeAll(async () => {
  [changed, copy] = await Promise.all([startTarget(), startTarget()]);
  relay = net.createServer((client) => {
    const upstream = net.connect((hasChanged ? copy : changed).target.direct.port, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    client.on('data', (bytes: Buffer) => {
      upstream.write(bytes);
      hasChanged ||= bytes.includes('; COMMIT');
    });
    client.on('close', () => upstream.destroy());
    upstream.on('data', (bytes) => client.write(bytes)).on('close', () => client.destroy());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  relay.close();
  await Promise.all([changed.stop(), copy.stop()]);
});

const accepts = async (server: TestTarget, login: Login) => (await postgres.probe(server.target, 'direct', login)).verdict;

it.each(['role', 'rotator'])('restores the old password on the server that was changed, when the %s changed it', async (by) => {
  hasChanged = false;
  const login = await changed.createLogin(`app_${by}`);
  await copy.createLogin(login.user, { password: login.password.reveal() });
  const rotator = by === 'rotator' ? await changed.createRotator('rotator', login) : undefined;
  const target = withDirect(changed.target, { port: (relay.address() as net.AddressInfo).port });
  const adopted = await adopt({ target, login, ...(rotator && { rotator }) });
  const rotation = await rotate(adopted);
  expect(rotation).toMatchObject({ state: 'failed', errorCode: 'new_password_refused', attempts: 1, database: { state: 'ready' } });
  expect(stepKinds(rotation).slice(-3)).toEqual(['undoing', 'undone', 'failed']);
  const stored = await storedLogin(adopted);
  expect(stored.password.reveal()).toBe(login.password.reveal());
  expect([await accepts(changed, stored), await accepts(copy, stored)]).toEqual(['accepted', 'accepted']);
  // Servers lock accounts: not more rejected logins than this, beside the random wrong one of the preflight.
  expect(copy.log().split(`password authentication failed for user "${login.user}"`).length - 1).toBeLessThanOrEqual(4);
});
