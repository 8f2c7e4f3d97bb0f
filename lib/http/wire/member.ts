import { z } from 'zod';
import { id, time } from './common.ts';

export const role = z.enum(['owner', 'admin', 'operator', 'viewer']);

/** Null: all projects, also those to come. */
const reach = z.array(id).nullable();
const givenReach = z.array(id).min(1, 'Choose one project or more; null stands for all.').max(1000).nullable();

export const member = z.object({
  user_id: id,
  email: z.string(),
  name: z.string().nullable(),
  role,
  project_ids: reach,
  /** To within five minutes. */
  last_seen_at: time.nullable(),
  /** Where they signed in from. */
  last_seen_address: z.string().nullable(),
  created_at: time,
});
export type MemberWire = z.infer<typeof member>;
export const memberList = z.object({ members: z.array(member) });
export const memberAnswer = z.object({ member });
export const memberParams = z.object({ memberId: id });
export const changeMemberBody = z.strictObject({ role: role.optional(), project_ids: givenReach.optional() });
export type ChangeMemberBody = z.infer<typeof changeMemberBody>;

export const invitation = z.object({
  id,
  organization_id: id,
  email: z.string(),
  role,
  project_ids: reach,
  invited_by: z.string(),
  expires_at: time,
  created_at: time,
});
export type InvitationWire = z.infer<typeof invitation>;
export const invitationList = z.object({ invitations: z.array(invitation) });
export const invitationParams = z.object({ invitationId: id });
export const inviteBody = z.strictObject({
  email: z.email('Give an email address, such as ada@example.com.').max(254),
  role,
  project_ids: givenReach.optional(),
});
export type InviteBody = z.infer<typeof inviteBody>;
/** The link is in this answer alone: only a hash of its token is stored. */
export const invitationMade = z.object({ invitation, url: z.string() });
export type InvitationMadeWire = z.infer<typeof invitationMade>;

export const joinQuery = z.strictObject({ token: z.string().min(1, 'Open the whole link.').max(200) });
/** What the holder of the link is told. */
export const joinState = z.object({ organization: z.string(), email: z.string(), role, invited_by: z.string(), expires_at: time });
export type JoinStateWire = z.infer<typeof joinState>;
export const joinBody = z.strictObject({
  token: joinQuery.shape.token,
  name: z.string().trim().min(1, 'Give your name.').max(80),
  password: z.string().min(12, 'Use 12 characters or more.').max(512),
});
export type JoinBody = z.infer<typeof joinBody>;
export const joinAnswer = z.object({ organization_id: id, user_id: id });
