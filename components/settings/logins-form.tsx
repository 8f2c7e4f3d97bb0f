'use client';

import type { ProjectWire } from '#lib/contract/project.ts';
import { OptionalUrl } from './optional-url.tsx';

/** The pooled endpoint and the rotator login: each is given, replaced or taken away by itself. */
export function LoginsForm({ project }: { project: ProjectWire }) {
  const { public_host: host, database_name: database, role_name: role, pooled_port: pooledPort, rotator_name: rotator } = project;
  const others = (project.rotator_projects ?? []).filter(({ id }) => id !== project.id).map(({ name }) => name);
  return (
    <ul className="card list">
      <li className="p-4">
        <OptionalUrl
          project={project}
          field="pooled_connection_url"
          label="Pooled URL"
          present={pooledPort === null ? null : `port ${pooledPort}`}
          placeholder={`${project.engine}://${role}:password@${host}:6432/${database}`}
          hint="The same login through PgBouncer or another pooler. It may have its own user and database name. Every new password is then verified there too."
          remove={{ title: 'Remove the pooled URL', text: 'New passwords are then verified only on the direct endpoint. The pooler itself is not touched.' }}
        />
      </li>
      <li className="p-4">
        <OptionalUrl
          project={project}
          field="rotator_url"
          label="Rotator URL"
          present={rotator}
          placeholder={`${project.engine}://rotator:password@${host}:${project.direct_port}/${database}`}
          hint={`Another login on ${host} that may change the password of ${role}. Rekey logs in with it before saving it.`}
          confirm={others.length > 0 ? { title: 'Save the rotator for this server', text: <Affected names={others} /> } : null}
          remove={{
            title: 'Remove the rotator login',
            text: `Rekey forgets its password. ${[role, ...others.map((name) => `the role of ${name}`)].join(', ')}: each then changes its own password, if the server allows it. The login on the server is not touched.`,
          }}
        />
      </li>
    </ul>
  );
}

/** Whose passwords a rotator may change from then on. */
const Affected = ({ names }: { names: string[] }) => (
  <>
    A rotator serves every login at this address. From now on it also changes the passwords of <strong>{names.join(', ')}</strong>.
  </>
);
