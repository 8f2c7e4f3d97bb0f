// What a signed handshake proves instead of a login that has to fail, and where it does not.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { getJob } from '#lib/jobs/jobs.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { startPgbouncer } from '#scripts/servers/pgbouncer.ts';
import { withDirect, withPooled } from '#scripts/servers/place.ts';
import { startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { hasPooler, startTarget, type TargetOptions, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, readRotation, request, rotate } from '#scripts/testing/drive-rotation.ts';

vi.hoisted(() => {
  process.env.REKEY_POOLER_RETRY_MS = '5,2500';
});

const ACCEPTED = { verdict: 'accepted', by: 'login' };
const BY_LOGIN = { verdict: 'refused', by: 'login' };
const BY_HANDSHAKE = { verdict: 'refused', by: 'handshake' };

/** No line of the server or of the pooler says that a login has failed. */
const FAILED = /password authentication failed|SASL authentication failed/;

interface Relay {
  port: number;
  /** How many connections were opened so far. */
  opened: () => number;
}

/** One address with several servers behind it: `pick` names the port for each connection, told how many were opened before and whether a change was committed. */
async function startRelay(pick: (opened: number, openedAfterChange: number) => number): Promise<Relay> {
  const sockets = new Set<net.Socket>();
  let opened = 0;
  let afterChange = -1;
  const listener = net.createServer((client) => {
    if (afterChange >= 0) afterChange += 1;
    const upstream = net.connect(pick(opened++, afterChange), '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    client.on('data', (bytes: Buffer) => {
      if (bytes.includes('; COMMIT') && afterChange < 0) afterChange = 0;
      upstream.write(bytes);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('data', (bytes) => client.write(bytes)).on('close', () => client.destroy());
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return { port: (listener.address() as net.AddressInfo).port, opened: () => opened };
}

const auditOf = ({ projectId }: Adopted) => db.auditEvent.findFirst({ where: { projectId, action: 'project.credentials_rotated' } });

describe('directly', () => {
  let server: TestTarget;
  beforeAll(async () => {
    server = await startTarget({ hba: ['host all by_md5 all md5', 'host all,replication all all scram-sha-256'], settings: { log_connections: 'on' } });
  });
  afterAll(() => server.stop());

  it('no login has to fail, and every proof says how it was made', async () => {
    const login = await server.createLogin('app');
    const adopted = await adopt({ target: server.target, login });
    const logged = server.log().length;
    const rotation = await rotate(adopted);
    const proofs = { new: { direct: ACCEPTED }, old: { direct: BY_HANDSHAKE }, wrong: { direct: BY_HANDSHAKE } };
    expect(rotation).toMatchObject({ state: 'completed', proofs });
    expect(server.log().slice(logged)).not.toMatch(FAILED);
    expect((await getJob(adopted.context, rotation.jobId)).rotation?.proofs).toMatchObject(proofs);
    expect(await auditOf(adopted)).toMatchObject({
      metadata: { proven_by: { new: { direct: 'login' }, old: { direct: 'handshake' }, wrong: { direct: 'handshake' } } },
    });
  });

  it('a method that proves nothing is tried with a random wrong password', async () => {
    const login = await server.createLogin('by_md5');
    await server.sql(`SET password_encryption = 'md5'; ALTER ROLE by_md5 PASSWORD '${login.password.reveal()}'`);
    const target = withDirect(server.target, { tls: { ...server.target.direct.tls, allowsMd5: true } });
    // The new password has a SCRAM verifier, which the server then asks for by SCRAM.
    expect(await rotate(await adopt({ target, login }))).toMatchObject({
      state: 'completed',
      proofs: { wrong: { direct: BY_LOGIN }, old: { direct: BY_HANDSHAKE } },
    });
  });

  it('a change that never arrived is seen without a failed login', async () => {
    const login = await server.createLogin('lost_change');
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
    onTestFinished(() => proxy.stop());
    const adopted = await adopt({ target: withDirect(server.target, { port: proxy.port }), login });
    const id = await request(adopted);
    const logged = server.log().length;
    await Promise.all([proxy.failOn('COMMIT', 'lose_request'), attempt(id)]);
    expect((await attemptAll(id)).state).toBe('completed');
    expect(server.log().slice(logged)).not.toMatch(FAILED);
  });

  describe('with another server behind the same address', () => {
    let copy: TestTarget;
    let receiver: pg.Client;
    beforeAll(async () => {
      copy = await startTarget();
      receiver = new pg.Client({ connectionString: server.superuserUrl, replication: 'true' } as pg.ClientConfig);
      receiver.on('error', () => {});
      await receiver.connect();
    });
    afterAll(async () => {
      await receiver.end();
      await copy.stop();
    });

    it('which holds the old password still: not completed', async () => {
      const login = await server.createLogin('behind');
      await copy.createLogin('behind', { password: login.password.reveal() });
      // The first login after the change is that with the new password.
      const relay = await startRelay((_, afterChange) => (afterChange > 1 ? copy : server).target.direct.port);
      const rotation = await attempt(await request(await adopt({ target: withDirect(server.target, { port: relay.port }), login })));
      expect(rotation).toMatchObject({ state: 'promoted', errorCode: 'old_password_accepted' });
    });

    it('which follows at once: completed, by a handshake of its own that no login fails for', async () => {
      const login = await server.createLogin('followed');
      let last = 0;
      const relay = await startRelay((_, afterChange) => {
        last = afterChange;
        return server.target.direct.port;
      });
      const adopted = await adopt({ target: withDirect(server.target, { port: relay.port }), login });
      const logged = server.log().length;
      expect(await rotate(adopted)).toMatchObject({ state: 'completed', proofs: { old: { direct: BY_HANDSHAKE } } });
      expect(last).toBe(2);
      expect(server.log().slice(logged)).not.toMatch(FAILED);
    });
  });
});

describe.runIf(hasPooler)('through a pooler', () => {
  async function startOne(options: TargetOptions): Promise<TestTarget> {
    const server = await startTarget(options);
    onTestFinished(() => server.stop());
    return server;
  }

  it('that asks the server: no login has to fail', async () => {
    const server = await startOne({ pooler: 'auth_query' });
    const login = await server.createLogin('app');
    const logged = server.log().length;
    const both = { direct: BY_HANDSHAKE, pooled: BY_HANDSHAKE };
    expect(await rotate(await adopt({ target: server.target, login }))).toMatchObject({
      state: 'completed',
      proofs: { new: { direct: ACCEPTED, pooled: ACCEPTED }, old: both, wrong: both },
    });
    expect(server.log().slice(logged)).not.toMatch(FAILED);
  });

  it('with an old list: the new password is not sent there, and the old one is restored', async () => {
    const server = await startOne({ pooler: 'auth_file' });
    const login = await server.createLogin('app');
    const adopted = await adopt({ target: server.target, login });
    const logged = server.log().length;
    expect(await rotate(adopted)).toMatchObject({ state: 'failed', errorCode: 'pooler_refused_new', proofs: { old: { direct: ACCEPTED, pooled: ACCEPTED } } });
    expect(server.log().slice(logged)).not.toMatch(FAILED);
  });

  it('with a list in plain text, which shows a salt of its own: the old password is tried', async () => {
    const server = await startOne({ pooler: 'auth_file' });
    const login = await server.createLogin('app');
    const list = async (password: string) => {
      server.pooler?.writeVerifiers({ app: password });
      await server.pooler?.reload();
    };
    await list(login.password.reveal());
    const id = await request(await adopt({ target: server.target, login }));
    const running = attempt(id);
    const staged = await vi.waitFor(
      async () => {
        const { state, toCredential } = await readRotation(id);
        if (state !== 'verifying' || !toCredential) throw new Error('not changed yet');
        return openCredential(toCredential);
      },
      { timeout: 20_000, interval: 20 },
    );
    await list(staged.password.reveal());
    expect(await running).toMatchObject({
      state: 'completed',
      proofs: { old: { direct: BY_HANDSHAKE, pooled: BY_LOGIN }, wrong: { direct: BY_HANDSHAKE, pooled: BY_HANDSHAKE } },
    });
  });

  it('of two processes, one of which still holds the old password: not completed', async () => {
    const server = await startOne({ pooler: 'auth_query' });
    const login = await server.createLogin('app');
    const verifiers = { app: String((await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'"))[0]?.rolpassword) };
    const postgres = { host: '127.0.0.1', port: server.target.direct.port };
    const dir = mkdtempSync(join(tmpdir(), 'rekey-pooler-'));
    chmodSync(dir, 0o755);
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const behind = await startPgbouncer({ dir, postgres, auth: { method: 'auth_file', verifiers } });
    onTestFinished(() => behind.stop());
    // Its key is read, then the present password and the new one are tried. The old one the other process accepts, and cannot pass on.
    const relay = await startRelay((opened) => (opened < 3 ? (server.pooler?.port ?? 0) : behind.port));
    const rotation = await attempt(await request(await adopt({ target: withPooled(server.target, { port: relay.port }), login })));
    expect(relay.opened()).toBe(4);
    expect(rotation).toMatchObject({ state: 'promoted', errorCode: expect.stringMatching(/^(pooler_failed|timed_out)$/) });
  });

  it.each(['trust', 'any'])('that asks nobody for a password (%s): a random wrong one is tried, and nothing is changed', async (method) => {
    const password = 'known-to-the-pooler';
    const databases = { postgres: `dbname=postgres user=app password=${password}` };
    const server = await startOne({ pooler: 'auth_file', poolerSettings: { settings: { auth_type: method }, databases } });
    const login = await server.createLogin('app', { password });
    expect(await rotate(await adopt({ target: server.target, login }))).toMatchObject({
      state: 'failed',
      errorCode: 'pooler_unverifiable',
      toCredential: null,
      proofs: { wrong: { direct: BY_HANDSHAKE, pooled: { verdict: 'accepted', by: 'login' } } },
    });
  });
});
