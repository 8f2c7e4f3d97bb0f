import { text } from 'node:stream/consumers';
import askPassword from '@inquirer/password';
import type { Command } from 'commander';
import { isUnencrypted, readAddress, readKeyText } from '#cli/address.ts';
import { clientFor } from '#cli/open-client.ts';
import { tell } from '#cli/print.ts';
import { forgetSettings, readCa, saveSettings, settingsFile } from '#cli/settings.ts';
import { me } from '#lib/contract/account.ts';

/** The key is never an argument: arguments appear in the list of processes. */
const readKey = async (): Promise<string> =>
  process.stdin.isTTY
    ? readKeyText(await askPassword({ message: 'API key', mask: true }, { output: process.stderr }), 'API key')
    : readKeyText(await text(process.stdin), 'standard input');

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('save the address and an API key for the next commands; prompts for the key, or reads it from standard input')
    .argument('<url>', 'the address of Rekey, such as https://rekey.example.com')
    .option('--project <project>', 'the project to use when a command names none')
    .action(async (address: string, { project }: { project?: string }) => {
      const url = readAddress(address, 'url');
      if (isUnencrypted(url)) tell(`Warning: ${url} is not encrypted. Anyone on the way can read the key and the passwords.`);
      const ca = readCa();
      const key = await readKey();
      const { organization } = await clientFor({ url, key, ca }).get('/me', me);
      saveSettings({ url, key, ...(ca && { ca }), ...(project && { project }) });
      tell(`Logged in to ${organization.name} at ${url}. The key is saved in ${settingsFile()}, readable only by you.`);
    });
  program
    .command('logout')
    .description('remove the saved address and API key; the key itself stays valid until it is revoked')
    .action(() => forgetSettings());
}
