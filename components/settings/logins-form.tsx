'use client';

import type { ProjectWire } from '#lib/http/wire/project.ts';
import { OptionalUrl } from './optional-url.tsx';

/** The pooled endpoint and the rotator login: each is given, replaced or taken away by itself. */
export function LoginsForm({ project }: { project: ProjectWire }) {
  const { public_host: host, database_name: database, role_name: role, pooled_port: pooledPort, rotator_name: rotator } = project;
  return (
    <ul className="card list">
      <li className="p-4">
        <OptionalUrl
          project={project}
          field="pooled_connection_url"
          label="Pooled URL"
          present={pooledPort === null ? null : `port ${pooledPort}`}
          placeholder={`postgresql://${role}:password@${host}:6432/${database}`}
          hint="The same login through PgBouncer or another pooler. Every new password is then proven there too."
          remove={{ title: 'Take the pooled URL away', text: 'New passwords are then proven on the direct endpoint alone. The pooler itself is not touched.' }}
        />
      </li>
      <li className="p-4">
        <OptionalUrl
          project={project}
          field="rotator_url"
          label="Rotator URL"
          present={rotator}
          placeholder={`postgresql://rotator:password@${host}:${project.direct_port}/postgres`}
          hint={`Another login that may change the password of ${role}. Without it the role changes its own.`}
          remove={{
            title: 'Take the rotator login away',
            text: `Rekey forgets its password. ${role} then changes its own, where the server lets it. The login on the server is not touched.`,
          }}
        />
      </li>
    </ul>
  );
}
