// The providers on loopback. In a test: `const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes())`,
// since lib/kernel/env.ts reads the addresses when it is first imported.
import type { Provider } from '#lib/contract/providers/providers.ts';
import { startFakeGithub } from './fake-github.ts';
import { startFakeNetlify } from './fake-netlify.ts';
import { startFakeVercel } from './fake-vercel.ts';
import type { ProviderFake } from './provider-server.ts';

const START = { vercel: startFakeVercel, netlify: startFakeNetlify, github: startFakeGithub } satisfies Record<
  Provider,
  (port?: number) => Promise<ProviderFake>
>;
type Fakes = { [P in Provider]: Awaited<ReturnType<(typeof START)[P]>> };

export interface ProviderFakes extends Fakes {
  /** What Rekey's processes must be given to ask these. Deploy hooks are on loopback too. */
  env: Record<string, string>;
  /** What broke a provider's document so far, of all of them. */
  violations(): string[];
  stop(): Promise<void>;
}

/** Where they are, where that has to be known before they run. */
export type ProviderPorts = Record<Provider, number>;

/** Starts all of them, on free ports where none are given, and sets the addresses for this process. */
export async function startProviderFakes(ports?: ProviderPorts): Promise<ProviderFakes> {
  const all = await Promise.all((Object.keys(START) as Provider[]).map((provider) => START[provider](ports?.[provider])));
  const urls = all.map(({ provider, url }) => [`REKEY_${provider.toUpperCase()}_API_URL`, url]);
  const env = { ...Object.fromEntries(urls), REKEY_OUTBOUND_ALLOW: '127.0.0.0/8' };
  Object.assign(process.env, env);
  return {
    ...(Object.fromEntries(all.map((fake) => [fake.provider, fake])) as Fakes),
    env,
    violations: () => all.flatMap(({ provider, violations }) => violations.map((what) => `${provider}: ${what}`)),
    stop: async () => void (await Promise.all(all.map((one) => one.stop()))),
  };
}
