// What a mail server must show before anything is sent to it.
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type MailServer as Running, startMailServer } from '#scripts/testing/mail-server.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { type MailServer, sendMail } from './smtp.ts';

const { certPem, keyPem } = makeCertificate('localhost', '127.0.0.1');
let running: Running;
afterEach(() => running.stop());

const send = (server: Omit<MailServer, 'from'>) =>
  sendMail({ from: 'rekey@example.com', ...server }, { id: 'mal_1', to: { name: '', address: 'a@example.com' }, subject: 'A test', text: 'Text.' });
const nothingCame = () => expect({ received: running.received, logins: running.logins }).toEqual({ received: [], logins: [] });
/** A host that is this machine and does not look like it. */
const AWAY = '[::ffff:127.0.0.1]';

it('sends over TLS to a server whose certificate it trusts, with a login', async () => {
  running = await startMailServer({ secure: true, key: keyPem, cert: certPem });
  const caFile = join(await mkdtemp(join(tmpdir(), 'rekey-ca-')), 'ca.pem');
  writeFileSync(caFile, certPem);
  await send({ url: `smtps://us%40er:p%3Ass@127.0.0.1:${running.port}`, caFile });
  expect(running.received).toMatchObject([{ isEncrypted: true, user: 'us@er', parsed: { subject: 'A test' } }]);
  expect(running.logins).toEqual(['us@er:p:ss']);
});

it('sends nothing to a server whose certificate it does not trust, on either port', async () => {
  running = await startMailServer({ secure: true, key: keyPem, cert: certPem });
  await expect(send({ url: `smtps://user:password@127.0.0.1:${running.port}` })).rejects.toThrow(/self.signed/);
  nothingCame();
  await running.stop();
  running = await startMailServer({ key: keyPem, cert: certPem });
  await expect(send({ url: `smtp://user:password@${AWAY}:${running.port}` })).rejects.toThrow(/self.signed/);
  nothingCame();
});

it('sends nothing to a server that offers no encryption, unless it is this machine or tls=off says so', async () => {
  running = await startMailServer();
  await expect(send({ url: `smtp://user:password@${AWAY}:${running.port}` })).rejects.toThrow(/STARTTLS|TLS/);
  nothingCame();
  await send({ url: `smtp://${AWAY}:${running.port}?tls=off` });
  await send({ url: `smtp://localhost:${running.port}` });
  expect(running.received).toHaveLength(2);
});

it('says what the server said, without the password', async () => {
  running = await startMailServer({
    onAuth: ({ password }, _, done) => done(Object.assign(new Error(`wrong password ${password} for you`), { responseCode: 535 })),
  });
  await expect(send({ url: `smtp://user:s3cret-word@127.0.0.1:${running.port}` })).rejects.toThrow(/^EAUTH: .*wrong password … for you/);
  const refused = send({ url: `smtp://127.0.0.1:1` });
  await expect(refused).rejects.toThrow(/ECONNREFUSED|ESOCKET/);
});
