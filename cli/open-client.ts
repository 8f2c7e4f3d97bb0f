import { type ApiClient, createApiClient } from '#lib/contract/api-client.ts';
import packageJson from '#package.json' with { type: 'json' };
import { readSettings, type Settings } from './settings.ts';
import { openTransport } from './transport.ts';

const userAgent = `rekey-cli/${packageJson.version}`;

/** A client of that server with that key. */
export const clientFor = ({ url, key, ca }: Omit<Settings, 'project'>): ApiClient =>
  createApiClient(`${url}/api/v1`, { authorization: `Bearer ${key}`, 'user-agent': userAgent }, openTransport({ url, ca }));

/** A client with the settings of this user. */
export const openClient = (): ApiClient => clientFor(readSettings());
