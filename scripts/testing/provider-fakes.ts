// The three providers on loopback. In a test: `const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes())`,
// since lib/kernel/env.ts reads the addresses when it is first imported.
import { type GithubFake, startFakeGithub } from './fake-github.ts';
import { type NetlifyFake, startFakeNetlify } from './fake-netlify.ts';
import { startFakeVercel, type VercelFake } from './fake-vercel.ts';

export interface ProviderFakes {
  vercel: VercelFake;
  netlify: NetlifyFake;
  github: GithubFake;
  /** What Rekey's processes must be given to ask these. Deploy hooks are on loopback too. */
  env: Record<string, string>;
  /** What broke a provider's document so far, of all three. */
  violations(): string[];
  stop(): Promise<void>;
}

/** Where they are, where that has to be known before they run. */
export type ProviderPorts = Record<'vercel' | 'netlify' | 'github', number>;

/** Starts all three, on free ports where none are given, and sets the addresses for this process. */
export async function startProviderFakes(ports?: ProviderPorts): Promise<ProviderFakes> {
  const [vercel, netlify, github] = await Promise.all([startFakeVercel(ports?.vercel), startFakeNetlify(ports?.netlify), startFakeGithub(ports?.github)]);
  const all = [vercel, netlify, github];
  const env = {
    REKEY_VERCEL_API_URL: vercel.url,
    REKEY_NETLIFY_API_URL: netlify.url,
    REKEY_GITHUB_API_URL: github.url,
    REKEY_OUTBOUND_ALLOW: '127.0.0.0/8',
  };
  Object.assign(process.env, env);
  return {
    vercel,
    netlify,
    github,
    env,
    violations: () => all.flatMap(({ provider, violations }) => violations.map((what) => `${provider}: ${what}`)),
    stop: async () => void (await Promise.all(all.map((one) => one.stop()))),
  };
}
