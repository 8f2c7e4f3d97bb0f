/** The mark: the old password's bar above, the new one's below. */
export function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="shrink-0">
      <rect width="20" height="20" rx="5" fill="var(--color-ink)" />
      <path d="M4 7.4h7" stroke="var(--color-canvas)" strokeWidth="2.8" opacity=".55" />
      <path d="M9 12.6h7" stroke="var(--color-canvas)" strokeWidth="2.8" />
    </svg>
  );
}
