// What every engine must do, tested on a real server. Each engine's own test file names its fixture.
import { inspect as show } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { rotatorAt, withDirect } from '#scripts/servers/place.ts';
import { type Engine, EngineError, type Login, type Operator, type SessionCut, type Target } from './engine.ts';

/** A running server, for the tests alone. */
export interface ContractServer {
  target: Target;
  /** Makes a login with a password. */
  createLogin: (name: string) => Promise<Login>;
  /** Makes a login that may change that one's password, and nothing else. */
  createRotator: (name: string, of: Login) => Promise<Login>;
  /** Opens a session of somebody else's making, as an application does. */
  openSession: (login: Login) => Promise<{ isOpen: () => Promise<boolean>; close: () => Promise<void> }>;
  /** All that the server logged; it logs every statement. */
  log: () => string;
  stop: () => Promise<void>;
}

/** Where engines may differ. */
export interface Traits {
  /** The cost of a verifier. */
  iterations: number;
  /** Whether the server tells when a session began. */
  tellsBegin: boolean;
}

const ATTEMPT = 'rekey:contract:1';
const nothing = async () => {};

export function describeEngine(engine: Engine, name: string, traits: Traits, start: () => Promise<ContractServer>): void {
  describe(`${engine.name} ${name}`, () => {
    let server: ContractServer;
    let count = 0;
    const newLogin = (prefix = 'app') => server.createLogin(`${prefix}_${++count}`);
    const probe = async (login: Login) => (await engine.probe(server.target, 'direct', login)).verdict;
    const verifierOf = (password: Secret) => engine.makeVerifier(password, traits.iterations);

    interface ChangeOptions {
      onTransaction?: (xid: string | null) => Promise<void>;
      /** The passwords that the role may have now. */
      known?: readonly Secret[];
    }

    /** Changes a password with a login of its own for it. */
    async function change(as: Login, role: string, verifier: string, { onTransaction = nothing, known = [as.password] }: ChangeOptions = {}) {
      const operator = await engine.openOperator(server.target, as, ATTEMPT);
      try {
        return await operator.changePassword({ role, verifier, known: await Promise.all(known.map(verifierOf)), attempt: ATTEMPT, onTransaction });
      } finally {
        await operator.close();
      }
    }

    const failure = async (work: Promise<unknown>): Promise<EngineError> => {
      const error = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof EngineError)) throw new Error('no EngineError', { cause: error });
      return error;
    };

    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    describe('probe', () => {
      it('accepts the right password and refuses any other', async () => {
        const login = await newLogin();
        expect(await engine.probe(server.target, 'direct', login)).toEqual({
          verdict: 'accepted',
          at: expect.any(Date),
          durationMs: expect.any(Number),
          // Of an engine whose roles have one verifier, which a login shows.
          ...(engine.shows && { handshake: { method: 'scram', salt: expect.any(String), iterations: 4096 } }),
        });
        expect(await probe({ ...login, password: generatePassword() })).toBe('refused');
      });

      it('refuses a role that does not exist', async () => {
        expect(await probe({ user: 'nobody_at_all', password: generatePassword() })).toBe('refused');
      });

      it('accepts the right password also where the database does not exist', async () => {
        const login = await newLogin();
        const elsewhere = withDirect(server.target, { database: 'no_such_database' });
        expect(await engine.probe(elsewhere, 'direct', login)).toMatchObject({ verdict: 'accepted', after: 'database_missing' });
        expect(await engine.probe(elsewhere, 'direct', { ...login, password: generatePassword() })).toMatchObject({ verdict: 'refused' });
      });

      it.each([
        ['host_not_found', { host: 'no-such-host.invalid' }],
        ['server_unreachable', { port: 1 }],
      ] as const)('gives no verdict: %s', async (reason, wrong) => {
        const login = await newLogin();
        expect(await engine.probe(withDirect(server.target, wrong), 'direct', login)).toMatchObject({ verdict: 'unknown', failure: reason });
      });
    });

    describe('changePassword', () => {
      it.each(['the role itself', 'the rotator'])('by %s: the new one logs in, the old one is refused', async (who) => {
        const login = await newLogin();
        const next = generatePassword();
        const as = who === 'the rotator' ? await server.createRotator(`rotator_${count}`, login) : login;
        let before: string | undefined;
        const { changedAt } = await change(as, login.user, await verifierOf(next), {
          known: [login.password],
          onTransaction: async () => {
            before = await probe(login);
          },
        });
        expect(before).toBe('accepted');
        expect(changedAt).toBeInstanceOf(Date);
        expect(await probe(login)).toBe('refused');
        expect(await probe({ ...login, password: next })).toBe('accepted');
      });

      it('takes any name of a role', async () => {
        for (const odd of ['"quoted" \'role\'', 'ro le;--', 'größe-日本', '100%\\x', 'UPPER', '$1']) {
          const login = await server.createLogin(odd);
          const next = generatePassword();
          await change(login, odd, await verifierOf(next));
          expect([odd, await probe(login), await probe({ ...login, password: next })]).toEqual([odd, 'refused', 'accepted']);
        }
      });

      it('can be repeated with the same verifier', async () => {
        const login = await newLogin();
        const next = generatePassword();
        const verifier = await verifierOf(next);
        await change(login, login.user, verifier);
        await change({ ...login, password: next }, login.user, verifier);
        expect(await probe({ ...login, password: next })).toBe('accepted');
      });

      it('changes nothing when onTransaction rejects, and the operator goes on', async () => {
        const login = await newLogin();
        const next = generatePassword();
        const operator = await engine.openOperator(server.target, login, ATTEMPT);
        const request = { role: login.user, verifier: await verifierOf(next), attempt: ATTEMPT };
        const refusal = new Error('the fence has moved on');
        const onTransaction = () => Promise.reject(refusal);
        await expect(operator.changePassword({ ...request, onTransaction })).rejects.toBe(refusal);
        expect(await probe(login)).toBe('accepted');
        await operator.changePassword({ ...request, onTransaction: nothing });
        await operator.close();
        expect(await probe({ ...login, password: next })).toBe('accepted');
      });

      it.each(['', 'a-plaintext-password', 'SCRAM-SHA-256$4096:$:'])('refuses the verifier %j and changes nothing', async (verifier) => {
        const login = await newLogin();
        expect(await failure(change(login, login.user, verifier))).toMatchObject({ code: 'verifier_malformed', transient: false });
        expect(await probe(login)).toBe('accepted');
      });

      it('of another role is not permitted, and changes nothing', async () => {
        const [login, other] = [await newLogin(), await newLogin()];
        const verifier = await verifierOf(generatePassword());
        expect(await failure(change(other, login.user, verifier))).toMatchObject({ code: 'not_permitted', transient: false });
        expect(await probe(login)).toBe('accepted');
      });

      it('keeps simultaneous changes of one role apart', async () => {
        const login = await newLogin();
        const rotator = await server.createRotator(`rotator_${count}`, login);
        const passwords = Array.from({ length: 12 }, () => generatePassword());
        const known = [login.password, ...passwords];
        await Promise.all(passwords.map(async (password) => change(rotator, login.user, await verifierOf(password), { known })));
        const verdicts = await Promise.all(passwords.map((password) => probe({ ...login, password })));
        expect(verdicts.filter((verdict) => verdict === 'accepted')).toHaveLength(1);
        expect(verdicts.filter((verdict) => verdict === 'refused')).toHaveLength(11);
      });
    });

    describe('sessions', () => {
      it('are ended where they began before the change, and only there', async () => {
        const login = await newLogin();
        const next = { ...login, password: generatePassword() };
        const before = await Promise.all([server.openSession(login), server.openSession(login), server.openSession(login)]);
        const { changedAt } = await change(login, login.user, await verifierOf(next.password));
        const at = changedAt as Date;
        const session = await engine.openSession(server.target, next);
        const cut: SessionCut = { at, connectionId: session.connectionId };
        const after = await server.openSession(next);
        const stranger = await server.openSession(await newLogin());

        expect((await session.listSessions()).reduce((sum, group) => sum + group.count, 0)).toBe(4);
        const since = traits.tellsBegin ? expect.any(Date) : null;
        expect(await session.listSessions(cut)).toMatchObject([{ count: 3, since, address: '127.0.0.1' }]);
        expect(await session.endSessions(cut, { application: 'nobody', address: '127.0.0.1' })).toBe(0);
        expect(await session.endSessions(cut, { application: '', address: '192.0.2.1' })).toBe(0);
        expect(await session.endSessions(cut)).toBe(3);
        expect((await session.listSessions()).reduce((sum, group) => sum + group.count, 0)).toBe(1);
        expect(await session.endSessions(cut)).toBe(0);

        expect(await Promise.all(before.map((one) => one.isOpen()))).toEqual([false, false, false]);
        expect([await after.isOpen(), await stranger.isOpen()]).toEqual([true, true]);
        expect(await session.inspect()).toMatchObject({ isReadOnly: false });
        await Promise.all([session, after, stranger, ...before].map((one) => one.close()));
      });
    });

    describe('endOrphans', () => {
      it('ends what other attempts left in the middle of a change, not this one and not others', async () => {
        const [login, other] = [await newLogin(), await newLogin()];
        const open = (as: Login, attempt: string) => engine.openOperator(server.target, as, attempt);
        const [orphan, another, stranger, us] = await Promise.all([
          open(login, 'rekey:7:1'),
          open(login, 'rekey:8:1'),
          open(other, 'rekey:7:9'),
          open(login, 'rekey:7:2'),
        ]);
        const gate = Promise.withResolvers<void>();
        /** Stands still right before the change is sent, until the gate opens. */
        const stopIn = async (operator: Operator, role: string, attempt: string) => {
          const announced = Promise.withResolvers<void>();
          const onTransaction = () => {
            announced.resolve();
            return gate.promise;
          };
          const done = operator.changePassword({ role, verifier: await verifierOf(generatePassword()), attempt, onTransaction });
          done.catch(announced.reject);
          await announced.promise;
          return { done };
        };
        const [ended, goesOn] = await Promise.all([stopIn(orphan, login.user, 'rekey:7:1'), stopIn(stranger, other.user, 'rekey:7:9')]);
        expect(await us.endOrphans('rekey:7:')).toBe(1);
        expect(await us.endOrphans('rekey:7:')).toBe(0);
        gate.resolve();
        expect(await failure(ended.done)).toMatchObject({ code: 'connection_cut', transient: true });
        await goesOn.done;
        expect([await probe(login), await probe(other)]).toEqual(['accepted', 'refused']);
        await Promise.all([another, us].map((operator) => operator.inspect()));
        await Promise.all([orphan, another, stranger, us].map((operator) => operator.close()));
      });
    });

    describe('inspect', () => {
      it('tells the rights of the role and the rotator, and changes nothing', async () => {
        const login = await newLogin();
        const rotator = await server.createRotator(`rotator_${count}`, login);
        const found = await engine.inspect(server.target, login, rotatorAt(rotator, server.target));
        expect(found).toMatchObject({ selfMayChange: true, rotatorMayChange: true, rotatorFailure: null, maySeeSessions: true, mayEndSessions: true });
        expect(found).toMatchObject({ isReadOnly: false, validUntil: null, serverVersion: expect.stringMatching(/^\d+\.\d+/) });
        expect(await engine.inspect(server.target, login, null)).toMatchObject({ selfMayChange: true, rotatorMayChange: null });
        expect(await probe(login)).toBe('accepted');
      });

      it('tells of a rotator without the right, and of one that cannot log in', async () => {
        const [login, other] = [await newLogin(), await newLogin()];
        expect(await engine.inspect(server.target, login, rotatorAt(other, server.target))).toMatchObject({ rotatorMayChange: false, rotatorFailure: null });
        const locked = { ...other, password: generatePassword() };
        expect(await engine.inspect(server.target, login, rotatorAt(locked, server.target))).toMatchObject({
          rotatorMayChange: false,
          rotatorFailure: 'password_refused',
        });
      });

      it('fails where the login fails', async () => {
        const login = await newLogin();
        const wrong = engine.inspect(server.target, { ...login, password: generatePassword() }, null);
        expect(await failure(wrong)).toMatchObject({ code: 'password_refused', transient: false });
      });
    });

    describe('secrecy', () => {
      it('shows no password to the log, nor to an error', async () => {
        const login = await newLogin();
        const next = { ...login, password: generatePassword() };
        const rotator = await server.createRotator(`rotator_${count}`, login);
        const wrong = { ...login, password: generatePassword() };
        await change(rotator, login.user, await verifierOf(next.password), { known: [login.password] });
        await engine.inspect(server.target, next, rotatorAt(rotator, server.target));
        const errors = await Promise.all([
          failure(engine.openOperator(server.target, wrong, ATTEMPT)),
          failure(engine.openSession(server.target, login)),
          failure(change(next, rotator.user, await verifierOf(next.password))),
          failure(change(next, next.user, next.password.reveal())),
        ]);
        const told = server.log() + errors.map((error) => show(error, { depth: 20, showHidden: true })).join('\n');
        expect(told).toContain(login.user);
        const secrets = [login, next, rotator, wrong].map(({ password }) => password.reveal());
        const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, 30)]);
        expect(forms.filter((form) => told.includes(form))).toEqual([]);
      });
    });
  });
}
