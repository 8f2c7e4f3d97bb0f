'use client';

import { useState } from 'react';
import { useTrustServerKey, useUpdateProject } from '#components/data/projects.ts';
import { useChangeReason, useTargetReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ENGINES } from '#lib/contract/engines/engines.ts';
import type { ProjectWire, ProtectionWire } from '#lib/contract/project.ts';

type RefusedKey = ProtectionWire['refused_keys'][number];

const fingerprint = (key: string | null | undefined) =>
  key ? <code className="[overflow-wrap:anywhere]">{key}</code> : <span className="text-ink-3">none trusted yet</span>;

/** The key of an endpoint as it was last reached. */
const keyOf = (end: ProtectionWire['direct']) =>
  end?.channel === 'plain' && !end.server_key ? <span className="text-ink-3">none: the connection has no TLS</span> : fingerprint(end?.server_key);

/** What a person may allow, where the engine knows it. */
const CHOICES: Record<ChoiceProps['name'], Pick<ChoiceProps, 'label' | 'hint'> & { isMade: (project: ProjectWire) => boolean }> = {
  allows_md5: {
    isMade: ({ protection }) => protection.allows_md5,
    label: 'Allow MD5 without a proven server',
    hint: 'Needed only where PostgreSQL asks for MD5 and offers no TLS. Anyone who can read or redirect the connection can then guess the password.',
  },
  sends_plaintext: {
    isMade: ({ sends_plaintext }) => sends_plaintext,
    label: 'Send new passwords in plain text',
    hint: 'Needed only where an extension such as credcheck accepts no password hashes. The server may write each new password to its log.',
  },
};

/** What guards the login, the key that is trusted, and the one that was refused in its place. */
export function ServerKeySection({ project }: { project: ProjectWire }) {
  const { text, direct, pooled, refused_keys: refused } = project.protection;
  return (
    <ul className="card list">
      {refused.map((key) => (
        <li key={`${key.endpoint} ${key.kind}`} className="p-4">
          <RefusedKeyNotice project={project} refused={key} />
        </li>
      ))}
      <li className="px-4 py-2">
        <KeyValue
          rows={[
            ['Protected by', text ?? <span className="text-ink-3">not checked yet</span>],
            ['Server key', keyOf(direct)],
            ...(direct?.rsa_key ? ([['RSA key', fingerprint(direct.rsa_key)]] as const) : []),
            ...(pooled ? ([['Pooler key', keyOf(pooled)]] as const) : []),
          ]}
        />
      </li>
      {ENGINES[project.engine].allowances.map((name) => (
        <li key={name} className="p-4">
          <Choice project={project} name={name} checked={CHOICES[name].isMade(project)} label={CHOICES[name].label} hint={CHOICES[name].hint} />
        </li>
      ))}
    </ul>
  );
}

const SHOWN_BY = { direct: 'The server', pooled: 'The pooler' } as const;

function RefusedKeyNotice({ project, refused }: { project: ProjectWire; refused: RefusedKey }) {
  const reason = useChangeReason();
  const [asking, setAsking] = useState(false);
  const trust = useTrustServerKey(project.id);
  const { endpoint, kind, offered, trusted } = refused;
  const name = kind === 'rsa' ? 'an RSA key' : 'a key';
  const both = (
    <KeyValue
      rows={[
        ['Trusted', fingerprint(trusted)],
        ['Shown', fingerprint(offered)],
      ]}
    />
  );
  return (
    <>
      <Notice
        tone="danger"
        title={
          trusted === null
            ? `${SHOWN_BY[endpoint]} presented ${name} that is not trusted yet.`
            : `${SHOWN_BY[endpoint]} presented ${name} that is not the trusted one.`
        }
      >
        The password was not sent. Compare the new fingerprint with the one on the server. If they differ, someone may be intercepting the connection.
      </Notice>
      <div className="mt-3">{both}</div>
      <Button size="small" kind="danger-quiet" className="mt-3" disabledReason={reason} onClick={() => setAsking(true)}>
        Trust the new key
      </Button>
      {asking && (
        <FormDialog
          title="Trust the new key"
          description={`${project.role_name} will log in to any server that holds this key. Rekey then checks the connection.`}
          onSubmit={() => trust.mutate({ endpoint, kind, fingerprint: offered }, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
          action="Trust the new key"
          danger
          busy={trust.isPending && 'Saving'}
          problem={trust.error?.message}
          problemTitle="Nothing was changed."
        >
          {both}
        </FormDialog>
      )}
    </>
  );
}

interface ChoiceProps {
  project: ProjectWire;
  name: 'allows_md5' | 'sends_plaintext';
  checked: boolean;
  label: string;
  hint: string;
}

/** What a person allows for this login that protects its password less. */
function Choice({ project, name, checked, label, hint }: ChoiceProps) {
  const reason = useTargetReason(project);
  const update = useUpdateProject(project.id);
  return (
    <>
      <Checkbox checked={checked} disabledReason={reason} onChange={(next) => update.mutate({ [name]: next })}>
        {label}
        <span className="block text-xs text-ink-3">{hint}</span>
      </Checkbox>
      {update.error && (
        <Notice tone="danger" role="alert" title="Nothing was changed." className="mt-3">
          {update.error.message}
        </Notice>
      )}
    </>
  );
}
