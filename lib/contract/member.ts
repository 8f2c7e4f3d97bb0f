import { z } from 'zod';
import { id, newPassword, nextCursor, time } from './common.ts';

export const role = z.enum(['owner', 'admin', 'operator', 'viewer']);

/** Null: all projects, including future ones. */
const reach = z.array(id).nullable();
const givenReach = z.array(id).min(1, 'Choose one project or more; null means all.').max(1000).nullable();

export const member = z.object({
  user_id: id,
  email: z.string(),
  name: z.string().nullable(),
  role,
  project_ids: reach,
  /** To within a minute. */
  last_seen_at: time.nullable(),
  /** Where they signed in from. */
  last_seen_address: z.string().nullable(),
  has_second_factor: z.boolean(),
  /** How many logins they have seen a password of that still counts. */
  seen: z.number().int(),
  created_at: time,
});
export type MemberWire = z.infer<typeof member>;
export const memberList = z.object({
  next_cursor: nextCursor,
  members: z.array(member),
  /** How many logins the organization has. */
  credentials: z.number().int(),
  /** What each role may do, by the very table that decides. */
  rights: z.record(role, z.array(z.string())),
});
export type MemberListWire = z.infer<typeof memberList>;
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
  email: z.email('Enter an email address, such as ada@example.com.').max(254),
  role,
  project_ids: givenReach.optional(),
});
export type InviteBody = z.infer<typeof inviteBody>;
/** The link is in this answer alone: only a hash of its token is stored. */
export const invitationMade = z.object({ invitation, url: z.string() });
export type InvitationMadeWire = z.infer<typeof invitationMade>;

export const joinQuery = z.strictObject({ token: z.string().min(1, 'Open the whole link.').max(200) });
/** The part of an invitation that its link shows. */
export const joinState = z.object({ organization: z.string(), email: z.string(), role, invited_by: z.string(), expires_at: time });
export type JoinStateWire = z.infer<typeof joinState>;
export const joinBody = z.strictObject({
  token: joinQuery.shape.token,
  name: z.string().trim().min(1, 'Enter your name.').max(80),
  password: newPassword,
});
export type JoinBody = z.infer<typeof joinBody>;
export const joinAnswer = z.object({ organization_id: id, user_id: id });

/** `open`: it counts, and nobody has asked to rotate it. `rotated`: what was seen counts no more, however that came. `awaits_deployment`: it counts until what runs there is deployed. */
const seenState = z.enum(['open', 'waiting', 'rotating', 'awaits_deployment', 'rotated', 'failed']);
export type SeenStateWire = z.infer<typeof seenState>;

/** One job for all that a removed member had seen. */
export const departure = z.object({
  id,
  organization_id: id,
  user_id: id,
  email: z.string(),
  removed_by: z.string(),
  requested_by: z.string().nullable(),
  created_at: time,
  /** When the last rotation that was asked for had ended. */
  finished_at: time.nullable(),
  total: z.number().int(),
  rotated: z.number().int(),
  running: z.number().int(),
  failed: z.number().int(),
  credentials: z.array(
    z.object({
      database_id: id,
      role_name: z.string(),
      project_id: id.nullable(),
      project_name: z.string().nullable(),
      versions: z.array(z.number().int()),
      state: seenState,
      /** The rotation that was begun for it. */
      job_id: id.nullable(),
      error_code: z.string().nullable(),
    }),
  ),
});
export type DepartureWire = z.infer<typeof departure>;
export const departureList = z.object({ departures: z.array(departure), next_cursor: nextCursor });
export type DepartureListWire = z.infer<typeof departureList>;
export const departureAnswer = z.object({ departure });
export const departureParams = z.object({ departureId: id });

export const removeQuery = z.strictObject({
  /** Has all rotated that they had seen. */
  rotate_seen: z.enum(['true', 'false'], 'Use true or false.').default('false'),
});
/** Null where they had seen nothing that still counts. */
export const memberRemoved = z.object({ departure: departure.nullable() });
export const seenList = z.object({
  credentials: z.array(z.object({ database_id: id, role_name: z.string(), project_id: id.nullable(), project_name: z.string().nullable() })),
});
export type SeenListWire = z.infer<typeof seenList>;
