'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchConnections } from '#components/data/projects.ts';
import type { ConnectionsWire } from '#lib/contract/project.ts';
import type { EndpointName } from '#lib/contract/snippets/snippet-tokens.ts';

export interface SecretUrls {
  /** The URLs while one is revealed. They live in this component's memory alone. */
  revealed: ConnectionsWire | null;
  /** Which of them is shown. */
  shown: EndpointName | null;
  isBusy: boolean;
  /** Why they could not be loaded. */
  problem: string | null;
  reveal: (endpoint: EndpointName) => void;
  hide: () => void;
  /** For the clipboard: what is revealed, or asked for anew (audited). Null where it could not be loaded. */
  read: () => Promise<ConnectionsWire | null>;
}

const HIDDEN = { revealed: null, shown: null };

/**
 * The URLs with the password in them, fetched on a press alone and forgotten on `hide`, when the version changes
 * or the page is left.
 */
export function useSecretUrls(projectId: string, version: number): SecretUrls {
  const [{ revealed, shown }, setRevealed] = useState<Pick<SecretUrls, 'revealed' | 'shown'>>(HIDDEN);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const shownVersion = useRef(version);

  useEffect(() => {
    if (shownVersion.current === version) return;
    shownVersion.current = version;
    setRevealed(HIDDEN);
  }, [version]);

  const fetchUrls = useCallback(async (): Promise<ConnectionsWire | null> => {
    setIsBusy(true);
    setProblem(null);
    try {
      return await fetchConnections(projectId);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'Could not load the connection URL.');
      return null;
    } finally {
      setIsBusy(false);
    }
  }, [projectId]);

  const reveal = useCallback(
    (endpoint: EndpointName) => {
      void fetchUrls().then((urls) => setRevealed(urls === null ? HIDDEN : { revealed: urls, shown: endpoint }));
    },
    [fetchUrls],
  );
  const hide = useCallback(() => setRevealed(HIDDEN), []);
  const read = useCallback(async () => revealed ?? (await fetchUrls()), [revealed, fetchUrls]);
  return { revealed, shown, isBusy, problem, reveal, hide, read };
}
