'use client';

import { useState } from 'react';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import type { PlaceListWire } from '#lib/contract/integration.ts';
import { ChoosePlace } from './choose-place.tsx';
import { PasteToken } from './paste-token.tsx';

interface ConnectDialogProps {
  projectId: string;
  projectName: string;
  provider: Provider;
  onClose: () => void;
}

/** A token first, which also proves it; then the place and what is written there. The token stays in this dialog until it is sent. */
export function ConnectDialog(props: ConnectDialogProps) {
  const [found, setFound] = useState<{ token: string; list: PlaceListWire } | null>(null);
  const title = `Connect ${PROVIDERS[props.provider].fullName} with ${props.projectName}`;
  if (found === null) return <PasteToken {...props} title={title} onFound={(token, list) => setFound({ token, list })} />;
  return <ChoosePlace {...props} title={title} token={found.token} list={found.list} onBack={() => setFound(null)} />;
}
