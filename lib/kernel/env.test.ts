import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

const start = (token: string) => {
  vi.resetModules();
  vi.stubEnv('REKEY_METRICS_TOKEN', token);
  return import('./env.ts');
};

it.each([
  ['too short', 'b1946ac92492d2347c6235b4d261118', '32 characters or more'],
  ['with a space', 'b1946ac92492d2347 c6235b4d2611184a5b3', 'none of them a space'],
  ['a placeholder', 'change-me-change-me-change-me-change-me', 'is a placeholder'],
  ['typed', 'abcabcabcabcabcabcabcabcabcabcabcabc', 'is a placeholder'],
])('a token for metrics that is %s is refused by its name, and not repeated', async (_what, token, fix) => {
  const message = await start(token).then(
    () => 'it starts',
    (error: Error) => error.message,
  );
  expect(message).toContain('REKEY_METRICS_TOKEN');
  expect(message).toContain(fix);
  expect(message).not.toContain(token);
});

it('one drawn from hexadecimal digits is good, and none at all', async () => {
  expect((await start('b1946ac92492d2347c6235b4d2611184')).env.REKEY_METRICS_TOKEN).toBe('b1946ac92492d2347c6235b4d2611184');
  expect((await start('')).env.REKEY_METRICS_TOKEN).toBeUndefined();
});

it.each([
  ['no mail server', { REKEY_SMTP_URL: 'http://user:p4ssw0rd@smtp.example.com' }, 'REKEY_SMTP_URL must be a URL such as smtp://'],
  ['a parameter that would be ignored', { REKEY_SMTP_URL: 'smtp://user:p4ssw0rd@smtp.example.com?secure=true' }, 'takes no parameter but tls=off'],
  ['tls=off where it means nothing', { REKEY_SMTP_URL: 'smtps://user:p4ssw0rd@smtp.example.com?tls=off' }, 'takes no parameter but tls=off'],
  ['no sender', { REKEY_SMTP_URL: 'smtps://user:p4ssw0rd@smtp.example.com' }, 'REKEY_MAIL_FROM is missing'],
  ['a sender that begins a header', { REKEY_MAIL_FROM: 'Rekey\r\nBcc: a@b.c <rekey@example.com>' }, 'REKEY_MAIL_FROM must be a sender'],
])('a mail server is refused with %s, and its password not repeated', async (_what, variables, fix) => {
  vi.resetModules();
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const message = await import('./env.ts').then(
    () => 'it starts',
    (error: Error) => error.message,
  );
  expect(message).toContain(fix);
  expect(message).not.toContain('p4ssw0rd');
});

it('a mail server with a sender is good', async () => {
  vi.resetModules();
  vi.stubEnv('REKEY_SMTP_URL', 'smtp://127.0.0.1:25?tls=off');
  vi.stubEnv('REKEY_MAIL_FROM', 'Rekey <rekey@example.com>');
  expect((await import('./env.ts')).env).toMatchObject({ REKEY_MAIL_FROM: 'Rekey <rekey@example.com>' });
});
