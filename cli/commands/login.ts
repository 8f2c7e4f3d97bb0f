import { text } from 'node:stream/consumers';
import askPassword from '@inquirer/password';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { clientFor } from '#cli/open-client.ts';
import { tell } from '#cli/print.ts';
import { forgetSettings, saveSettings, settingsFile } from '#cli/settings.ts';
import { me } from '#lib/http/wire/account.ts';

/** The key is never an argument: those stand in the list of processes. */
const readKey = async (): Promise<string> =>
  (process.stdin.isTTY ? await askPassword({ message: 'API key', mask: true }, { output: process.stderr }) : await text(process.stdin)).trim();

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('keep the address and an API key for the next commands; the key is asked for, or read from standard input')
    .argument('<url>', 'where Rekey runs, such as https://rekey.example.com')
    .option('--project <project>', 'the project that commands mean when none is named')
    .action(async (url: string, { project }: { project?: string }) => {
      if (!URL.canParse(url)) throw new CommandFailure(EXIT.usage, 'Give the address as people open it, such as https://rekey.example.com.');
      const key = await readKey();
      const { organization } = await clientFor({ url, key }).get('/me', me);
      saveSettings({ url, key, ...(project && { project }) });
      tell(`Logged in to ${organization.name}. The key stands in ${settingsFile()}, readable by you alone.`);
    });
  program
    .command('logout')
    .description('forget the address and the API key; the key goes on working until it is revoked')
    .action(() => forgetSettings());
}
