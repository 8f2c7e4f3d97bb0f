import type { Metadata } from 'next';
import { NothingHere } from '#components/ui/empty.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="page">
      <h1 className="sr-only">Not found</h1>
      <div className="mt-6">
        <NothingHere
          title="There is no such page"
          text="It may have been forgotten, or it belongs to someone else. Nothing was changed."
          href="/"
          action="Open the overview"
        />
      </div>
    </main>
  );
}
