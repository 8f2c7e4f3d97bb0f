'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SECOND_FACTOR, useSecondFactor } from '#components/session/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { ButtonLink } from '#components/ui/button-link.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Time } from '#components/ui/time.tsx';
import { apiSend } from '#lib/contract/api-client.ts';

/** Tells the signed-in person that somebody has their password and lacks the code, until they have seen it. */
export function WrongCodesNotice() {
  const { data } = useSecondFactor();
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: () => apiSend('DELETE', '/me/second-factor/wrong-codes'),
    onSuccess: () => client.invalidateQueries({ queryKey: SECOND_FACTOR }),
  });
  const wrong = data?.wrong_codes;
  if (!wrong) return null;
  return (
    <Notice
      tone="warn"
      role="status"
      className="mb-5"
      title={wrong.count === 1 ? 'Your password was entered with a wrong code.' : `Your password was entered with a wrong code ${wrong.count} times.`}
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="small" busy={forget.isPending && 'Saving'} onClick={() => forget.mutate()}>
            It was me
          </Button>
          <ButtonLink size="small" href="/account">
            Change password
          </ButtonLink>
        </div>
      }
    >
      Last time: <Time at={wrong.last_at} />
      {wrong.last_address && `, from ${wrong.last_address}`}. If it was not you, someone knows your password: change it.
      {forget.error && ` ${forget.error.message}`}
    </Notice>
  );
}
