import { ButtonLink } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';

/** What keeps every reset from succeeding, with the page where the login is checked again. */
export function CannotReset({ text, projectId }: { text: string | null; projectId: string }) {
  if (text === null) return null;
  return (
    <Notice
      tone="warn"
      className="m-4 mb-0"
      title="A reset would not succeed."
      action={
        <ButtonLink size="small" href={`/projects/${projectId}/connections`}>
          See fix
        </ButtonLink>
      }
    >
      {text}
    </Notice>
  );
}
