'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { UserPlus } from 'lucide-react';
import { Controller, useForm } from 'react-hook-form';
import { useInvite } from '#components/data/members.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { type InvitationMadeWire, type InviteBody, inviteBody } from '#lib/contract/member.ts';
import { ReachField } from './reach-field.tsx';
import { RoleField } from './role-field.tsx';

interface InviteDialogProps {
  /** Takes the link: it is in this answer alone. */
  onMade: (made: InvitationMadeWire) => void;
  onClose: () => void;
}

/** Makes a link with which somebody becomes a member. */
export function InviteDialog({ onMade, onClose }: InviteDialogProps) {
  const invite = useInvite();
  const form = useForm<InviteBody>({ resolver: zodResolver(inviteBody), defaultValues: { email: '', role: 'operator', project_ids: null } });
  const { errors, isSubmitting } = form.formState;
  const isOwner = form.watch('role') === 'owner';
  const submit = form.handleSubmit((body) =>
    invite.mutateAsync(body.role === 'owner' ? { ...body, project_ids: null } : body).then(
      (made) => {
        onMade(made);
        onClose();
      },
      (error: Error) => showProblem(form, error),
    ),
  );
  return (
    <FormDialog
      narrow
      onClose={onClose}
      title="Invite"
      description="You get a link to pass on. The person who opens it chooses a name and a password and becomes a member."
      footNote="The link works once, within 7 days. It is shown only once."
      action="Create the link"
      actionIcon={UserPlus}
      busy={isSubmitting && 'Creating the link'}
      problem={errors.root?.message}
      problemTitle="Nobody was invited."
      onSubmit={() => void submit()}
    >
      <Field label="Email" error={errors.email?.message} hint="What they will sign in with.">
        <Input type="email" autoComplete="off" {...form.register('email')} />
      </Field>
      <Controller
        control={form.control}
        name="role"
        render={({ field }) => <RoleField value={field.value} onChange={field.onChange} error={errors.role?.message} />}
      />
      {!isOwner && (
        <Controller
          control={form.control}
          name="project_ids"
          render={({ field }) => <ReachField value={field.value ?? null} onChange={field.onChange} error={errors.project_ids?.message} />}
        />
      )}
    </FormDialog>
  );
}
