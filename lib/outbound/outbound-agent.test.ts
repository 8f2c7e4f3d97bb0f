// Each probe reaches a server inside by an open client; by Rekey's it reaches nothing.
import { lookup as lookUpName } from 'node:dns';
import type { ServerResponse } from 'node:http';
import { Agent, buildConnector } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { createOutboundAgent } from './outbound-agent.ts';
import { postJson } from './post-json.ts';

type Lookup = NonNullable<Parameters<typeof createOutboundAgent>[1]>;

let inside: Receiver;
let insideV6: Receiver;
beforeAll(async () => {
  [inside, insideV6] = await Promise.all([startReceiver('0.0.0.0'), startReceiver('::1')]);
});
afterAll(() => Promise.all([inside.stop(), insideV6.stop()]));
beforeEach(() => {
  for (const receiver of [inside, insideV6]) receiver.received.length = 0;
});

const EMPTY = { headers: {}, body: '{}' };
const V4 = { address: '127.0.0.1', family: 4 };
/** A name server in the hands of somebody who wishes us ill. */
const NAMES: Record<string, { address: string; family: number }[]> = {
  'inside.example': [V4],
  'mapped.example': [{ address: '::ffff:127.0.0.1', family: 6 }],
  'mixed.example': [V4, { address: '93.184.215.14', family: 4 }],
};
const lookup: Lookup = (hostname, options, callback) => {
  const found = NAMES[hostname];
  if (found) callback(null, found);
  else lookUpName(hostname, options, callback);
};
/** Connects to whatever it is told. */
const openAgent = (names: Lookup) =>
  new Agent({ connect: { lookup: (hostname, options, callback) => names(hostname, { ...options, all: true }, (error, found) => callback(error, found)) } });

describe.each([
  ['the loopback address', '127.0.0.1'],
  ['one decimal number', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['hexadecimal', '0x7f000001'],
  ['a short form', '127.1'],
  ['the unspecified address', '0.0.0.0'],
  ['full-width digits', '１２７.０.０.１'],
  ['an IPv4-mapped address', '[::ffff:127.0.0.1]'],
  ['an IPv4-mapped address in hexadecimal', '[::ffff:7f00:1]'],
  ['a local name', 'localhost'],
  ['a name that leads inside', 'inside.example'],
  ['a name that leads to a mapped address', 'mapped.example'],
  ['a name that leads inside and outside', 'mixed.example'],
])('%s, %s', (_, host) => {
  const url = () => `http://${host}:${inside.port}/latest/meta-data`;

  it('is reached by an open client, not by ours', async () => {
    expect(await postJson(openAgent(lookup), url(), EMPTY)).toMatchObject({ status: 204 });
    expect(inside.received).toHaveLength(1);
    expect(await postJson(createOutboundAgent([], lookup), url(), EMPTY)).toEqual({ failure: 'address_refused' });
    expect(inside.received).toHaveLength(1);
  });
});

it('::1 is reached by an open client, not by ours', async () => {
  expect(await postJson(openAgent(lookup), insideV6.url, EMPTY)).toMatchObject({ status: 204 });
  expect(await postJson(createOutboundAgent([], lookup), insideV6.url, EMPTY)).toEqual({ failure: 'address_refused' });
  expect(insideV6.received).toHaveLength(1);
});

/** An open client in a network where every address leads to the server inside: these cannot be had on every machine. */
const everywhereInside = () => {
  const connect = buildConnector({});
  return new Agent({ connect: (options, callback) => connect({ ...options, hostname: '127.0.0.1', port: String(inside.port) }, callback) });
};

it.each([
  ['the metadata address', '169.254.169.254'],
  ['the metadata address as one number', '2852039166'],
  ['the metadata address, mapped', '[::ffff:169.254.169.254]'],
  ['the metadata address, translated', '[64:ff9b::a9fe:a9fe]'],
  ['the metadata address of IPv6', '[fd00:ec2::254]'],
  ['a private address', '10.0.0.1'],
  ['another private address', '192.168.0.1'],
  ['a unique local address', '[fc00::1]'],
  ['a link-local address', '[fe80::1]'],
  ['an address shared by a provider', '100.100.100.200'],
])('%s, %s, is reached by an open client, and refused by ours before a packet leaves', async (_, host) => {
  expect(await postJson(everywhereInside(), `http://${host}/`, EMPTY)).toMatchObject({ status: 204 });
  expect(await postJson(createOutboundAgent([]), `http://${host}/`, EMPTY)).toEqual({ failure: 'address_refused' });
  expect(inside.received).toHaveLength(1);
});

it('a name that changes its address between two looks gains nothing', async () => {
  const rebinding = (): Lookup => {
    let looks = 0;
    return (_hostname, _options, callback) => {
      looks += 1;
      callback(null, looks === 1 ? [{ address: '93.184.215.14', family: 4 }] : [V4]);
    };
  };
  const url = `http://rebind.example:${inside.port}/`;
  // A client that looks first and then has the name looked up again, as a check before the call does.
  const checkedOnce = rebinding();
  checkedOnce('rebind.example', { all: true }, () => {});
  expect(await postJson(openAgent(checkedOnce), url, EMPTY)).toMatchObject({ status: 204 });
  const ours = rebinding();
  ours('rebind.example', { all: true }, () => {});
  expect(await postJson(createOutboundAgent([], ours), url, EMPTY)).toEqual({ failure: 'address_refused' });
  expect(inside.received).toHaveLength(1);
});

it('a redirect leads nowhere', async () => {
  const outside = await startReceiver();
  outside.answer((response) => response.writeHead(307, { location: insideV6.url }).end());
  await fetch(outside.url, { method: 'POST', body: '{}' });
  expect(insideV6.received).toHaveLength(1);
  expect(await postJson(createOutboundAgent(['127.0.0.0/8']), outside.url, EMPTY)).toMatchObject({ status: 307, headers: { location: insideV6.url } });
  expect(outside.received).toHaveLength(2);
  expect(insideV6.received).toHaveLength(1);
  await outside.stop();
});

it('the body of an answer is read to 4 KiB, then the connection is cut', async () => {
  const endless = await startReceiver();
  let sent = 0;
  let cut = false;
  endless.answer((response) => {
    response.writeHead(200).on('close', () => {
      cut = true;
    });
    const more = () => {
      while (!response.destroyed && sent < 64 * 1024 * 1024) {
        sent += 16_384;
        if (!response.write(Buffer.alloc(16_384))) return void response.once('drain', more);
      }
    };
    more();
  });
  expect(await postJson(createOutboundAgent(['127.0.0.0/8']), endless.url, EMPTY)).toMatchObject({ status: 200 });
  await expect.poll(() => cut).toBe(true);
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  await endless.stop();
});

it('what the operator allows is reached', async () => {
  expect(await postJson(createOutboundAgent(['127.0.0.0/8'], lookup), `http://inside.example:${inside.port}/`, EMPTY)).toMatchObject({ status: 204 });
});

it('nobody there and a name that nobody has are told as such', async () => {
  const gone = await startReceiver();
  await gone.stop();
  expect(await postJson(createOutboundAgent(['127.0.0.0/8']), gone.url, EMPTY)).toEqual({ failure: 'unreachable' });
  const nameless: Lookup = (_hostname, _options, callback) => callback(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }), []);
  expect(await postJson(createOutboundAgent([], nameless), 'http://nobody.example/', EMPTY)).toEqual({ failure: 'unreachable' });
});

it.each<[string, (response: ServerResponse) => void, object]>([
  ['no answer at all', () => {}, { failure: 'timed_out' }],
  ['a body that never ends', (response) => void response.writeHead(200).write('{'), { status: 200 }],
])('%s is waited for no longer than the limit', async (_, hang, expected) => {
  const slow = await startReceiver();
  slow.answer(hang);
  expect(await postJson(createOutboundAgent(['127.0.0.0/8']), slow.url, EMPTY, 50)).toMatchObject(expected);
  await slow.stop();
});
