import type { ProviderFacts } from './provider-facts.ts';

export const github: ProviderFacts = {
  name: 'GitHub',
  fullName: 'GitHub Actions',
  shape: 'branch',
  place: 'repository',
  places: 'repositories',
  variable: 'secret',
  tokenHint: 'A fine-grained token of the repository with read and write access to Secrets, and to Actions if Rekey is to run a workflow.',
  previewHint: '',
  targets: [{ value: 'actions', label: 'Actions', isDefault: true }],
  reservedNames: { pattern: /^GITHUB_/i, advice: 'GitHub reserves names that begin with GITHUB_. Choose another name.' },
  redeploy: { api: { needs: 'workflow' } },
};
