import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

/** Where the database is, and as whom one logs in. */
export function DetailsCard({ project }: { project: ProjectWire }) {
  const pooled = project.pooled_port === null ? <span className="text-ink-3">none given</span> : <code>{project.pooled_port}</code>;
  // Until a check has tried the rotator on it, a role that can change its own password does.
  const byRotator = project.rotator_name !== null && !(project.rights?.self_may_change && project.rights.rotator_may_change === null);
  return (
    <Card title="Details" aside="a rotation changes none of these">
      <KeyValue
        wide
        className="px-4 py-2"
        rows={[
          ['Host', <code key="host">{project.public_host}</code>],
          ['Database', <code key="database">{project.database_name}</code>],
          ['Direct port', <code key="port">{project.direct_port}</code>],
          ['Role', <code key="role">{project.role_name}</code>],
          ['Pooled port', pooled],
          ['TLS', project.ssl_mode],
          ['Protected by', project.protection.text ?? <span className="text-ink-3">not checked yet</span>],
          ['Changed by', byRotator ? <code key="rotator">{project.rotator_name}</code> : 'the role itself'],
        ]}
      />
    </Card>
  );
}
