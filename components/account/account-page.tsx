import { SettingsSection } from '#components/ui/settings-section.tsx';
import { PasswordCard } from './password-card.tsx';
import { SecondFactorCard } from './second-factor-card.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** What is the signed-in person's own. */
export function AccountPage() {
  return (
    <div>
      <SettingsSection id="password" title="Password" text="You sign in with it, and enter it again to confirm that it is you.">
        <PasswordCard />
      </SettingsSection>
      <SettingsSection
        id="second-factor"
        title="Second factor"
        text="A code from an app on your phone, in addition to your password: at each sign-in, and when you confirm that it is you."
      >
        <SecondFactorCard />
      </SettingsSection>
      <SettingsSection
        id="sessions"
        title="Sessions"
        text="Where you are signed in. Anyone using one of these sessions sees what you see. End the ones you do not know, then rotate what they could have read."
      >
        <SessionsCard />
      </SettingsSection>
    </div>
  );
}
