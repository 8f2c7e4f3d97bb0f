import { SettingsSection } from '#components/settings/settings-section.tsx';
import { PasswordCard } from './password-card.tsx';
import { SecondFactorCard } from './second-factor-card.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** What is the signed-in person's own. */
export function AccountPage() {
  return (
    <>
      <h1 className="mb-5">Your account</h1>
      <div>
        <SettingsSection id="password" title="Password" text="What you sign in with, and give again to confirm that it is you.">
          <PasswordCard />
        </SettingsSection>
        <SettingsSection
          id="second-factor"
          title="Second factor"
          text="A code of an app on your phone, asked for beside your password: at each sign-in, and where you confirm that it is you."
        >
          <SecondFactorCard />
        </SettingsSection>
        <SettingsSection
          id="sessions"
          title="Sessions"
          text="Where you are signed in. Whoever has one of these sees what you see. End what you do not know, then change what it could have read."
        >
          <SessionsCard />
        </SettingsSection>
      </div>
    </>
  );
}
