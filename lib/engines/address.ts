import type { Endpoint, Place, Target, Tls } from './engine.ts';
import { engineError } from './failure.ts';

/** An endpoint of a target, with an IPv6 address as sockets want it. Throws EngineError where there is no pooler. */
export function placeOf(target: Target, endpoint: Endpoint): Place {
  const place = target[endpoint];
  if (place === null) throw engineError('unexpected');
  return { ...place, host: place.host.replace(/^\[(.*)\]$/, '$1') };
}

/** Whether the certificate's chain is checked: where a mode asks for it, and by `require` where a CA is given. */
export const checksChain = ({ mode, caPem }: Tls): boolean => mode.startsWith('verify') || (mode === 'require' && caPem !== null);
