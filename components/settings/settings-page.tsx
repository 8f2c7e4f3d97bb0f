'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { IntegrationsSection } from '#components/integrations/integrations-section.tsx';
import { PolicySection } from '#components/policies/policy-section.tsx';
import { useTargetReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { SettingsSection } from '#components/ui/settings-section.tsx';
import { EndpointsSection } from '#components/webhooks/endpoints-section.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { OptionalUrl } from './optional-url.tsx';
import { ProjectForm } from './project-form.tsx';
import { RotateSection } from './rotate-section.tsx';
import { ServerKeySection } from './server-key-section.tsx';

/** The pooled endpoint and the rotator login: each is given, replaced or taken away by itself. */
function LoginsForm({ project }: { project: ProjectWire }) {
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

// Loaded when it is opened first.
const ChangeHostDialog = dynamic(() => import('./change-host-dialog.tsx').then((module) => module.ChangeHostDialog));

/** Moving the project to another address, and forgetting it. */
function DangerZone({ project }: { project: ProjectWire }) {
  const [open, setOpen] = useState<'host' | 'forget' | null>(null);
  const reason = useTargetReason(project);
  const close = () => setOpen(null);
  return (
    <>
      <ul className="card list !border-danger-line">
        <Row
          title="Enter the current URL, or another host or port"
          text="For a password that was changed elsewhere, or a database that moved. A job checks the login; until it succeeds, nothing can be rotated."
        >
          <Button disabledReason={reason} onClick={() => setOpen('host')}>
            Change URL
          </Button>
        </Row>
        <Row
          title="Forget this project"
          text={`Rekey deletes its copies of the passwords up to v${project.credential.version}. The database, its role and the password v${project.credential.version} stay as they are. Save the URL first.`}
        >
          <Button kind="danger-quiet" disabledReason={reason} onClick={() => setOpen('forget')}>
            Forget {project.name}
          </Button>
        </Row>
      </ul>
      {open === 'host' && <ChangeHostDialog project={project} onClose={close} />}
      {open === 'forget' && <ForgetDialog project={project} onClose={close} />}
    </>
  );
}

function Row({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">{title}</p>
        <p className="text-ink-3">{text}</p>
      </div>
      {children}
    </li>
  );
}

/** What can be set for a project; what could do harm stands last. */
export function SettingsPage({ project }: { project: ProjectWire }) {
  return (
    <div className="max-w-[64rem]">
      <SettingsSection id="rotate" title="Rotate Credentials" text="Changes the password of one role. Nothing else.">
        <RotateSection project={project} />
      </SettingsSection>
      <SettingsSection id="policy" title="Rotation policy" text="When this password rotates by itself.">
        <PolicySection project={project} />
      </SettingsSection>
      <SettingsSection id="project" title="Project" text="Its name, and how carefully it is rotated.">
        <ProjectForm project={project} />
      </SettingsSection>
      <SettingsSection id="logins" title="Pooler and rotator" text="Where else the password is verified, and which login changes it.">
        <LoginsForm project={project} />
      </SettingsSection>
      <SettingsSection id="server-key" title="Server key" text="What a server must prove before Rekey sends it anything.">
        <ServerKeySection project={project} />
      </SettingsSection>
      <SettingsSection id="integrations" title="Integrations" text="They get the new URL automatically after each rotation.">
        <IntegrationsSection project={project} />
      </SettingsSection>
      <SettingsSection id="webhooks" title="Webhooks" text="The organization’s endpoints, which receive events of this project too.">
        <EndpointsSection />
      </SettingsSection>
      <SettingsSection id="danger" title="Danger zone" text="These change what Rekey can do, not your data.">
        <DangerZone project={project} />
      </SettingsSection>
    </div>
  );
}
