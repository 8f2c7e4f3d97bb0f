export const PROVIDERS = ['vercel', 'netlify', 'github'] as const;

export type Provider = (typeof PROVIDERS)[number];
