import { env } from '#lib/kernel/env.ts';
import type { ToldEvent } from './dialect.ts';

/** The page of Rekey on which an event is explained. */
export function linkOf({ projectId, type, data }: ToldEvent): string {
  const { job_id: jobId, policy_id: policyId, campaign_id: campaignId } = data as { job_id?: unknown; policy_id?: unknown; campaign_id?: unknown };
  if (projectId !== null) {
    const page = typeof jobId === 'string' ? `activity/${encodeURIComponent(jobId)}` : 'connections';
    return new URL(`/projects/${encodeURIComponent(projectId)}/${page}`, env.NEXTAUTH_URL).href;
  }
  if (typeof campaignId === 'string') return new URL(`/campaigns/${encodeURIComponent(campaignId)}`, env.NEXTAUTH_URL).href;
  if (typeof policyId === 'string') return new URL(`/policies/${encodeURIComponent(policyId)}`, env.NEXTAUTH_URL).href;
  return new URL(/(^|\.)webhook\./.test(type) ? '/settings/webhooks' : '/', env.NEXTAUTH_URL).href;
}
