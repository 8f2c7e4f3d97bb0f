import type { ProviderFacts } from './provider-facts.ts';

export const vercel: ProviderFacts = {
  name: 'Vercel',
  fullName: 'Vercel',
  shape: 'triangle',
  place: 'project',
  places: 'projects',
  variable: 'variable',
  tokenHint: 'Create it at Vercel under Account Settings, Tokens, with the scope of the team that owns the project.',
  previewHint: 'With Preview, preview branches use this database too.',
  targets: [
    { value: 'production', label: 'Production', isDefault: true },
    { value: 'preview', label: 'Preview', isPreview: true },
    { value: 'development', label: 'Development' },
  ],
  redeploy: {
    hook: {
      hint: 'Create it at Vercel in the project’s settings under Git. Without it Rekey starts a deployment through the API.',
      example: 'https://api.vercel.com/v1/integrations/deploy/…',
    },
    api: { needs: 'nothing' },
  },
};
