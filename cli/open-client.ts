import { rootCertificates } from 'node:tls';
import { type ApiClient, createApiClient, type Transport } from '#lib/contract/api-client.ts';
import packageJson from '#package.json' with { type: 'json' };
import { CommandFailure, EXIT } from './exit-codes.ts';
import { hasProxy, readSettings, type Settings } from './settings.ts';

/** Loaded only where the fetch of Node.js cannot do it: on Node.js 20 that one knows neither a proxy nor a further certificate. */
async function openDispatcher(ca: string | undefined): Promise<(url: string, init: RequestInit) => Promise<Response>> {
  const { EnvHttpProxyAgent, fetch } = await import('undici-7');
  const tls = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
  const dispatcher = new EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTls: tls });
  // Two declarations of the same standard.
  const send = fetch as unknown as (url: string, init: RequestInit & { dispatcher: unknown }) => Promise<Response>;
  return (url, init) => send(url, { ...init, dispatcher });
}

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/;
/** Codes of errors before a request is sent. */
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w+)$/;

/** The code of the innermost error: `fetch failed` names none of its own. */
function codeOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown };
  if (cause) return codeOf(cause);
  return typeof code === 'string' ? code : String(message ?? error);
}

/** What happened, whether anything changed, and what to do. */
function noAnswerWords(address: string, error: unknown, method: string): string {
  const code = codeOf(error);
  if (UNTRUSTED.test(code))
    return `The certificate of ${address} is not trusted (${code}). Nothing was sent. If the server is yours, name its CA certificate: --ca FILE.`;
  if (UNSENT.test(code)) return `Cannot connect to ${address} (${code}). Nothing was sent.`;
  const changed = method === 'GET' ? '' : ' The request may have been carried out: run `rekey jobs` before you repeat it.';
  return `No answer from ${address} (${code}).${changed}`;
}

/** Reaches Rekey from a terminal: through the proxy of the environment, trusting `ca` too, and never following a redirect with the key. */
function openTransport({ url: address, ca }: Pick<Settings, 'url' | 'ca'>): Transport {
  const own = ca !== undefined || hasProxy() ? openDispatcher(ca) : null;
  own?.catch(() => {});
  return {
    fetch: async (url, init) => {
      const answer = await ((await own) ?? fetch)(url, { ...init, redirect: 'manual' });
      const location = answer.headers.get('location');
      if (answer.status >= 300 && answer.status < 400 && location !== null)
        throw new CommandFailure(EXIT.usage, `${address} redirects to ${new URL(location, url).origin}. Log in with that address: the key is not sent on.`);
      return answer;
    },
    noAnswer: (error, method) => {
      if (error instanceof CommandFailure) throw error;
      return noAnswerWords(address, error, method);
    },
    oddAnswer: (status) =>
      status >= 500
        ? `${address} answered HTTP ${status} without a reason. Rekey may be starting or stopped behind its proxy; try again.`
        : `${address} did not answer as Rekey does (HTTP ${status}). Check the address, and that \`rekey --version\` is the version of the server.`,
  };
}

const userAgent = `rekey-cli/${packageJson.version}`;

/** A client of that server with that key. */
export const clientFor = ({ url, key, ca }: Omit<Settings, 'project'>): ApiClient =>
  createApiClient(`${url}/api/v1`, { authorization: `Bearer ${key}`, 'user-agent': userAgent }, openTransport({ url, ca }));

/** A client with the settings of this user. */
export const openClient = (): ApiClient => clientFor(readSettings());
