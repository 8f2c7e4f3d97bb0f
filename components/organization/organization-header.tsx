import { LinkTabs } from '#components/ui/link-tabs.tsx';

const TABS = [
  { href: '/settings/members', label: 'Members' },
  { href: '/settings/api-keys', label: 'API keys' },
  { href: '/settings/webhooks', label: 'Webhooks' },
];

/** The head of the organization's pages. */
export function OrganizationHeader() {
  return (
    <>
      <h1>Organization</h1>
      <LinkTabs label="Organization" className="mt-3 mb-5" tabs={TABS} />
    </>
  );
}
