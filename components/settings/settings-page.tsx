'use client';

import { IntegrationsSection } from '#components/integrations/integrations-section.tsx';
import { PolicySection } from '#components/policies/policy-section.tsx';
import { SettingsSection } from '#components/ui/settings-section.tsx';
import { ToldEndpoints } from '#components/webhooks/told-endpoints.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { DangerZone } from './danger-zone.tsx';
import { LoginsForm } from './logins-form.tsx';
import { ProjectForm } from './project-form.tsx';
import { RotateSection } from './rotate-section.tsx';
import { ServerKeySection } from './server-key-section.tsx';

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
        <ToldEndpoints />
      </SettingsSection>
      <SettingsSection id="danger" title="Danger zone" text="These change what Rekey can do, not your data.">
        <DangerZone project={project} />
      </SettingsSection>
    </div>
  );
}
