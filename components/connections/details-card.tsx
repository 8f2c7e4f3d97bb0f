import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import type { ProjectWire } from '#lib/http/wire/project.ts';

/** Where the database is, and as whom one logs in. */
export function DetailsCard({ project }: { project: ProjectWire }) {
  const pooled = project.pooled_port === null ? <span className="text-ink-3">none given</span> : <code>{project.pooled_port}</code>;
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
          ['Changed by', project.rotator_name === null ? 'the role itself' : <code key="rotator">{project.rotator_name}</code>],
        ]}
      />
    </Card>
  );
}
