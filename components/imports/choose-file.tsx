'use client';

import { ClipboardPaste, FileText, RotateCw, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Field } from '#components/ui/field.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Textarea } from '#components/ui/input.tsx';
import type { Draft } from './use-import-draft.ts';

interface ChooseFileProps {
  draft: Draft | null;
  reason: string | false;
  onLoad: (name: string, content: Uint8Array) => void;
  onAgain: () => void;
}

const EXAMPLE = 'name,url,pooled_url,tags,policy\nshop,postgresql://app:password@db.example.com:5432/shop,,team=shop,Monthly';
const sizeWords = (bytes: number): string => (bytes < 1_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000).toLocaleString('en-US')} kB`);

/** The file: chosen, dropped or pasted. */
export function ChooseFile({ draft, reason, onLoad, onAgain }: ChooseFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isPasting, setIsPasting] = useState(false);
  const read = async (file: File | undefined) => {
    if (!file) return;
    onLoad(file.name, new Uint8Array(await file.arrayBuffer()));
    setIsPasting(false);
  };
  const picker = (
    <input
      ref={input}
      type="file"
      className="sr-only"
      tabIndex={-1}
      aria-label="File to import"
      accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json"
      onChange={(event) => {
        const [file] = event.target.files ?? [];
        // The same file can be chosen again after it was changed.
        event.target.value = '';
        void read(file);
      }}
    />
  );
  const buttons = (
    <>
      <Button
        kind={draft ? 'default' : 'primary'}
        size={draft ? 'small' : 'normal'}
        icon={Upload}
        disabledReason={reason}
        onClick={() => input.current?.click()}
      >
        {draft ? 'Replace file' : 'Choose a file'}
      </Button>
      <Button size={draft ? 'small' : 'normal'} icon={ClipboardPaste} disabledReason={reason} onClick={() => setIsPasting(true)}>
        Paste rows
      </Button>
    </>
  );
  const paste = isPasting && (
    <PasteRows
      onDone={(text) => {
        setIsPasting(false);
        if (text !== null) onLoad(text.trimStart().startsWith('{') ? 'pasted.jsonl' : 'pasted.csv', new TextEncoder().encode(text));
      }}
    />
  );
  return (
    <Card
      foot={
        draft
          ? 'Drop a CSV or JSON Lines file on this card. Passwords stay in this page until you import; then they are encrypted, and erased from the import when their row ends.'
          : undefined
      }
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (!reason) void read(event.dataTransfer.files[0]);
      }}
    >
      {picker}
      {draft ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
          <Icon as={FileText} className="!size-5 text-ink-3" />
          <div className="min-w-0 flex-1 basis-56">
            <h2 className="truncate font-medium">{draft.name}</h2>
            <p className="text-xs text-ink-3">
              {draft.rows.length.toLocaleString('en-US')} {draft.rows.length === 1 ? 'row' : 'rows'}, {sizeWords(draft.bytes)} · columns{' '}
              <code>{draft.columns.join(', ')}</code>
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            {buttons}
            <Button kind="quiet" size="small" icon={RotateCw} onClick={onAgain}>
              Run again
            </Button>
          </div>
        </div>
      ) : (
        !isPasting && (
          <Empty
            icon={FileText}
            tone="accent"
            title="Choose a CSV or JSON Lines file, or drop it here"
            text="Each row is one login. Rekey first checks every row and stores nothing. Importing rotates no password."
            foot="Up to 10,000 rows and 4 MB. Passwords stay in this page until you import; then they are encrypted."
          >
            <pre className="mono mt-3 max-w-full rounded-md bg-hover px-3 py-2 text-left text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{EXAMPLE}</pre>
            <div className="mt-4 flex flex-wrap justify-center gap-2 max-sm:w-full max-sm:*:flex-1">{buttons}</div>
          </Empty>
        )
      )}
      {paste}
    </Card>
  );
}

function PasteRows({ onDone }: { onDone: (text: string | null) => void }) {
  const [text, setText] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  return (
    <form
      className="border-t border-line p-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') setIsMissing(true);
        else onDone(text);
      }}
    >
      <Field
        label="Rows"
        hint="CSV with its header in the first line, or one JSON object on each line."
        error={isMissing && text.trim() === '' && 'Paste the rows, with the header of a CSV file.'}
      >
        <Textarea machine rows={6} value={text} placeholder={EXAMPLE} autoFocus onChange={(event) => setText(event.target.value)} />
      </Field>
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        <Button onClick={() => onDone(null)}>Cancel</Button>
        <Button kind="primary" type="submit">
          Check the rows
        </Button>
      </div>
    </form>
  );
}
