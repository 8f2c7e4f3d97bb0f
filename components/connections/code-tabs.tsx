'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { maskedParts, openParts } from '#lib/contract/snippets/project-parts.ts';
import type { EndpointName, SnippetLine } from '#lib/contract/snippets/snippet-tokens.ts';
import { type Framework, frameworksOf, snippetText, writeSnippet } from '#lib/contract/snippets/snippets.ts';
import type { SecretUrls } from './use-secret-urls.ts';

const ENDPOINTS = [
  { value: 'pooled', label: 'Pooled' },
  { value: 'direct', label: 'Direct' },
] as const;

interface CodeTabsProps {
  project: ProjectWire;
  urls: SecretUrls;
  disabledReason: string | false;
}

/** The connection as each framework wants it, masked until it is revealed. */
export function CodeTabs({ project, urls, disabledReason }: CodeTabsProps) {
  const [framework, setFramework] = useState<Framework>('env');
  const [chosen, setEndpoint] = useState<EndpointName>('pooled');
  const hasPooler = project.pooled_port !== null;
  const endpoint = hasPooler ? chosen : 'direct';
  const lines = writeSnippet(framework, urls.revealed ? openParts(project, urls.revealed) : maskedParts(project), endpoint);
  const { copied, copy } = useCopy(async () => {
    const had = await urls.read();
    return had && snippetText(writeSnippet(framework, openParts(project, had), endpoint));
  });
  return (
    <div className="border-t border-line">
      <Tabs
        label="Framework"
        value={framework}
        onChange={setFramework}
        tabs={frameworksOf(project.engine).map(({ id, label }) => ({ value: id, label }))}
        aside={
          hasPooler && (
            <Segmented
              label="Endpoint in the snippet"
              value={endpoint}
              onChange={setEndpoint}
              options={ENDPOINTS}
              className="shrink-0 max-sm:ml-3 max-sm:flex-1 max-sm:*:flex-1"
            />
          )
        }
      >
        <div className="relative">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="code rounded-b-lg pr-14" tabIndex={0}>
            <code>
              {lines.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
                <Line key={index} line={line} isLast={index === lines.length - 1} />
              ))}
            </code>
          </pre>
          <div className="absolute top-2 right-2">
            <IconButton
              label={disabledReason || (copied ? 'Copied' : 'Copy the snippet with the password')}
              icon={copied ? Check : Copy}
              kind="default"
              disabled={Boolean(disabledReason)}
              onClick={() => void copy()}
            />
          </div>
        </div>
      </Tabs>
    </div>
  );
}

function Line({ line, isLast }: { line: SnippetLine; isLast: boolean }) {
  return (
    <>
      {line.map(([kind, text], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other name
        <span key={index} className={kind === 't' ? undefined : kind}>
          {text}
        </span>
      ))}
      {isLast ? '' : '\n'}
    </>
  );
}
