import type { ProviderFacts } from './provider-facts.ts';

export const netlify: ProviderFacts = {
  name: 'Netlify',
  fullName: 'Netlify',
  shape: 'diamond',
  place: 'site',
  places: 'sites',
  variable: 'variable',
  tokenHint: 'Create it at Netlify under User settings, Applications, Personal access tokens.',
  previewHint: 'With deploy previews and branch deploys, preview branches use this database too.',
  targets: [
    { value: 'production', label: 'Production', isDefault: true },
    { value: 'deploy-preview', label: 'Deploy previews', isPreview: true },
    { value: 'branch-deploy', label: 'Branch deploys', isPreview: true },
    { value: 'dev-server', label: 'Preview servers' },
    { value: 'dev', label: 'Local development' },
    { value: 'all', label: 'All contexts' },
  ],
  redeploy: { api: { needs: 'nothing' } },
};
