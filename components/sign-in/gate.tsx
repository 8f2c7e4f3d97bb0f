import type { ReactNode } from 'react';
import { Logo } from '#components/ui/logo.tsx';

/** Beside the sign-in and the set-up: what Rekey does, in one picture and one sentence. */
function HandoverPicture() {
  return (
    <aside className="hidden flex-col justify-center border-l border-line bg-surface px-16 lg:flex" aria-label="What Rekey does">
      <div className="mx-auto w-full max-w-[27rem]">
        <svg viewBox="0 0 420 132" className="w-full" role="img" aria-label="The old password works until the new one is proven, then only the new one works">
          <g fontFamily="var(--font-sans)" fontSize="11" fill="var(--color-ink-3)">
            <text x="0" y="12">
              old password
            </text>
            <text x="420" y="128" textAnchor="end">
              new password
            </text>
          </g>
          <rect x="0" y="24" width="236" height="26" rx="3" fill="light-dark(oklch(0.83 0.006 85), oklch(0.39 0.006 80))" />
          <path d="M240 37H420" stroke="var(--color-control)" strokeWidth="2" strokeDasharray="2 5" />
          <rect x="96" y="82" width="92" height="26" rx="3" fill="none" stroke="var(--color-accent-line)" strokeWidth="1.5" />
          <rect x="192" y="82" width="228" height="26" rx="3" fill="var(--color-accent)" />
          <path d="M214 18V114" stroke="var(--color-ink)" strokeWidth="1.5" />
          <circle cx="214" cy="66" r="11" fill="var(--color-surface)" stroke="var(--color-ink)" strokeWidth="1.5" />
          <path d="m209 66 3.5 3.5 7-7" fill="none" stroke="var(--color-ok-ink)" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        <p className="mt-9 text-xl font-semibold text-balance">The old password ends only when the new one has logged in.</p>
        <p className="mt-2 text-base text-ink-2">Directly and through the pooler. If that cannot be verified, the old one stays.</p>
      </div>
    </aside>
  );
}

/** The frame of the pages before the sign-in: the form left, the picture right. `host` is the address people opened. */
export function Gate({ title, host, children }: { title: string; host: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh grid-cols-1 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <section className="flex min-w-0 flex-col px-6 py-6 sm:px-10" aria-labelledby="gate">
        <p className="flex items-center gap-2 text-base font-semibold">
          <Logo />
          Rekey
        </p>
        <div className="m-auto w-full max-w-[23rem] py-10">
          <h1 id="gate" className="text-xl font-semibold">
            {title}
          </h1>
          {children}
        </div>
        <p className="text-xs text-ink-3">{host} · runs on your own machine</p>
      </section>
      <HandoverPicture />
    </main>
  );
}
