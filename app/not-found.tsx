import { Compass } from 'lucide-react';
import type { Metadata } from 'next';
import { ButtonLink } from '#components/ui/button-link.tsx';
import { Empty } from '#components/ui/empty.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="page">
      <h1 className="sr-only">Not found</h1>
      <Empty
        className="card mt-6 !py-14"
        icon={Compass}
        title="There is no such page"
        text="It may have been forgotten, or it belongs to somebody else. Nothing was changed."
      >
        <ButtonLink href="/" kind="primary" className="mt-4">
          Open the overview
        </ButtonLink>
      </Empty>
    </main>
  );
}
