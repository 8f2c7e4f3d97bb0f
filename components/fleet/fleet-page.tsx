'use client';

import { Overview } from '#components/projects/overview.tsx';
import { BulkBar } from './bulk-bar.tsx';

/** The overview with what can be done to many projects at once. */
export function FleetPage() {
  return <Overview bulkBar={BulkBar} />;
}
