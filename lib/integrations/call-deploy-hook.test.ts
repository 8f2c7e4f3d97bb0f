import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { callDeployHook } from './call-deploy-hook.ts';

it.each(['127.0.0.1', 'localhost', '[::1]', '2130706433'])('where the operator allows nothing, a hook at %s is not called', async (host) => {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    response.end('{}');
  });
  await new Promise<void>((listening) => server.listen(0, listening));
  const { port } = server.address() as AddressInfo;
  for (const scheme of ['http', 'https'])
    await expect(callDeployHook(new Secret(`${scheme}://${host}:${port}/hook`))).rejects.toMatchObject({ code: 'address_refused' });
  expect(calls).toBe(0);
  server.close();
});

it('a hook without TLS is not called, wherever it leads', async () => {
  await expect(callDeployHook(new Secret('http://93.184.215.14/hook'))).rejects.toMatchObject({ code: 'address_refused' });
});
