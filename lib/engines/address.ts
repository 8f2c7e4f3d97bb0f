import type { Endpoint, Target } from './engine.ts';
import { engineError } from './failure.ts';

/** Where an endpoint of a target is reached; IPv6 without brackets. Throws EngineError where there is no pooler. */
export function addressOf(target: Target, endpoint: Endpoint): { host: string; port: number } {
  const host = endpoint === 'direct' ? target.host : (target.pooledHost ?? target.host);
  const port = endpoint === 'direct' ? target.directPort : target.pooledPort;
  if (port === null) throw engineError('unexpected');
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
}

/** Whether the certificate's chain is checked: where a mode asks for it, and by `require` where a CA is given. */
export const checksChain = ({ mode, caPem }: Target['tls']): boolean => mode.startsWith('verify') || (mode === 'require' && caPem !== null);
