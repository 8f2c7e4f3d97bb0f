import { SettingsSection } from '#components/settings/settings-section.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** What is the signed-in person's own. */
export function AccountPage() {
  return (
    <>
      <h1 className="mb-5">Your account</h1>
      <SettingsSection
        id="sessions"
        title="Sessions"
        text="Where you are signed in. Whoever has one of these sees what you see. End what you do not know, then change what it could have read."
      >
        <SessionsCard />
      </SettingsSection>
    </>
  );
}
