// A mail server on loopback that keeps what it is sent.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  /** As it came, headers first. */
  raw: string;
  parsed: ParsedMail;
  from: string;
  to: string[];
  isEncrypted: boolean;
  user: string | null;
}

/** How a mail is answered: null takes it. */
type Answer = (to: string[]) => { code: number; message: string } | null;

export interface MailServer {
  url: string;
  port: number;
  received: ReceivedMail[];
  /** Logins that were tried, each `user:password`. */
  logins: string[];
  /** How the next mails are answered; taken unless told otherwise. */
  answer: (how: Answer) => void;
  stop: () => Promise<void>;
}

/** Takes mails without a login, and with any; `options` as smtp-server has them. */
export async function startMailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const logins: string[] = [];
  let how: Answer = () => null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ['STARTTLS'] : [],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username = '', password = '' }, _, done) => {
      logins.push(`${username}:${password}`);
      done(null, { user: username });
    },
    onData: async (stream, session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const raw = Buffer.concat(chunks).toString('latin1');
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => address);
      const refusal = how(to);
      if (refusal) return done(Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
      const from = mailFrom === false ? '' : mailFrom.address;
      received.push({ raw, parsed: await simpleParser(Buffer.concat(chunks)), from, to, isEncrypted: session.secure, user: (session.user as string) ?? null });
      done();
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: listening } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${listening}`,
    port: listening,
    received,
    logins,
    answer: (next) => {
      how = next;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
