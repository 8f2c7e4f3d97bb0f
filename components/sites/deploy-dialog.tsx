'use client';

import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { useDeploy } from '#components/data/sites.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import type { EnvironmentWire } from '#lib/contract/vector/site.ts';

/** Asks how an environment is deployed: by its hook, or by somebody who has done it. */
export function DeployDialog({ environment, onClose }: { environment: EnvironmentWire; onClose: () => void }) {
  const { id, name, deploy_hook_host: hook, retiring, current } = environment;
  const deploy = useDeploy(id);
  const [how, setHow] = useState<'hook' | 'marked'>(hook === null ? 'marked' : 'hook');
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Deploy ${name}`}
      description={
        retiring
          ? `The deployment carries v${current?.version}. Once it has succeeded v${retiring.version} ends; if it fails, both keep working.`
          : `The deployment carries the environment’s variables${current ? ` with v${current.version}` : ''}.`
      }
      onSubmit={() => deploy.mutate(how === 'marked' ? { mark_as_deployed: true } : {}, { onSuccess: onClose })}
      action={how === 'marked' ? 'Mark as deployed' : 'Deploy'}
      actionIcon={Rocket}
      busy={deploy.isPending && 'Starting'}
      problem={deploy.error?.message}
      problemTitle="Nothing was started."
    >
      <RadioCards
        label="How it is deployed"
        value={how}
        onChange={setHow}
        options={[
          {
            value: 'hook',
            title: 'Call the deploy hook',
            text: hook === null ? 'This environment has none.' : `${hook} is called, and fetches the variables once.`,
            disabled: hook === null,
          },
          { value: 'marked', title: 'It has been deployed already', text: 'By other means, with the new password in it. No hook is called.' },
        ]}
      />
    </FormDialog>
  );
}
