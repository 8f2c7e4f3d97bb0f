import { readFileSync } from 'node:fs';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { env } from '#lib/kernel/env.ts';
import { answerText } from '#lib/outbound/answer-text.ts';

/** Where mails are sent through. */
export interface MailServer {
  url: string;
  from: string;
  caFile?: string | undefined;
}

/** The mail server of the settings; null where none is set. */
export function configuredServer(): MailServer | null {
  const { REKEY_SMTP_URL: url, REKEY_MAIL_FROM: from, REKEY_SMTP_CA_FILE: caFile } = env;
  return url === undefined || from === undefined ? null : { url, from, caFile };
}

/** The mail server without its login, for people. */
export const hostOf = ({ url }: MailServer): string => new URL(url).host;

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);

/** A mail as it is sent: no address of another person, no attachment, nothing read from a file. */
export interface OutgoingMail {
  /** Names the mail for good: a receiver that gets it twice may show it once. */
  id: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/** Thrown where the mail server did not take a mail. Its message carries what the server said, never a password. */
export class MailRefused extends Error {
  /** Whether another try is of no use: the server refuses this recipient or this mail for good. */
  readonly isFinal: boolean;
  constructor(message: string, isFinal: boolean) {
    super(message);
    this.name = 'MailRefused';
    this.isFinal = isFinal;
  }
}

const WITHIN_MS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/**
 * A connection to the mail server. `smtps` and `smtp` encrypt, and send nothing, not even the login, before the server
 * has shown a certificate for its name. Only a server on this machine, or `tls=off`, goes without.
 */
function transportOf({ url, caFile }: MailServer) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const secure = protocol === 'smtps:';
  const isPlain = !secure && (searchParams.get('tls') === 'off' || isLoopback(hostname));
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : isPlain ? 25 : 587)),
    secure,
    requireTLS: !secure && !isPlain,
    ignoreTLS: isPlain,
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }) },
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...WITHIN_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Nothing but text on one line, so that a name cannot begin a header. */
const oneLine = (text: string): string => answerText(Buffer.from(text)).replace(/\s+/g, ' ').trim();

/** What the server said, without the login's own words. */
function describe(error: unknown, { url }: MailServer): string {
  const { code, response, message } = error as { code?: unknown; response?: unknown; message?: unknown };
  const { username, password } = new URL(url);
  const secrets = [
    decodeURIComponent(password),
    password,
    Buffer.from(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`).toString('base64'),
  ];
  const said = secrets
    .concat(Buffer.from(decodeURIComponent(password)).toString('base64'))
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '…'), oneLine(String(response ?? message ?? 'no answer')));
  return `${typeof code === 'string' ? `${code}: ` : ''}${said}`.slice(0, 300);
}

/** Whether the server refuses this recipient or mail whenever it comes (RFC 5321, 4.2.1). A rejected login may be fixed. */
const isFinal = (error: unknown): boolean => {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
};

/**
 * Hands a mail to the mail server.
 * @throws {MailRefused} where the server cannot be reached, has not proven who it is, or did not take the mail
 */
export async function sendMail(server: MailServer, { id, to, subject, text }: OutgoingMail): Promise<void> {
  const message: SendMailOptions = {
    from: server.from,
    to: { name: oneLine(to.name), address: to.address },
    subject: oneLine(subject),
    text,
    messageId: `<${id}@${new URL(env.NEXTAUTH_URL).hostname}>`,
    // RFC 3834: no out-of-office reply.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
  try {
    const transport = transportOf(server);
    try {
      await transport.sendMail(message);
    } finally {
      transport.close();
    }
  } catch (error) {
    throw new MailRefused(describe(error, server), isFinal(error));
  }
}
