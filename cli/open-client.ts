import { type ApiClient, createApiClient } from '#lib/http/api-client.ts';
import { readSettings, type Settings } from './settings.ts';

export const clientFor = ({ url, key }: Pick<Settings, 'url' | 'key'>): ApiClient =>
  createApiClient(`${url.replace(/\/+$/, '')}/api/v1`, { authorization: `Bearer ${key}` });

/** A client with the settings of this user. */
export const openClient = (): ApiClient => clientFor(readSettings());
