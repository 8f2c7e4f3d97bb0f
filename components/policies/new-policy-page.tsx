'use client';

import { PolicyForm } from './policy-form.tsx';

/** A policy to be written, from a template. */
export function NewPolicyPage({ template }: { template: string | undefined }) {
  return (
    <>
      <h1>New policy</h1>
      <p className="mt-0.5 text-base text-ink-2">Rotates logins by itself. Nothing rotates before the first window.</p>
      <PolicyForm template={template} />
    </>
  );
}
