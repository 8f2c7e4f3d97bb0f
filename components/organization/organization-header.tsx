import { LinkTabs } from '#components/ui/link-tabs.tsx';

/** The head of the organization's pages. */
export function OrganizationHeader() {
  return (
    <>
      <h1>Organization</h1>
      <LinkTabs label="Organization" className="mt-3 mb-5" tabs={[{ href: '/settings/webhooks', label: 'Webhooks' }]} />
    </>
  );
}
