/** Why a deployment failed; nothing was retired. */
export const DEPLOYMENT_FAILURES = {
  no_hook: 'No deploy hook is configured. Set the environment’s deploy_hook_url, or send mark_as_deployed once it has been deployed.',
  address_refused: 'The deploy hook leads to an address that is not public. Allow it with REKEY_OUTBOUND_ALLOW, or use another one.',
  insecure_hook:
    'The deploy hook uses plain http, and it would receive tokens that fetch passwords. Nothing was sent. Use an https URL, or name its host in REKEY_HTTP_HOOK_HOSTS and restart Rekey.',
  timed_out: 'The deploy hook did not answer in time.',
  unreachable: 'The deploy hook does not answer.',
  redirected: 'The deploy hook answered with a redirect, and Rekey follows none. Use the URL it leads to.',
  rejected: 'The deploy hook did not answer with a 2xx status.',
  reported: 'The deploy hook reported that the deployment failed.',
  variables_not_fetched: 'The deploy hook reported success but did not fetch the variables: the deployment cannot have them.',
  rotation_unsettled: 'A rotation of the login did not end in time, so it is not known which password the deployment should carry.',
  overdue: 'The deploy hook did not report an end in time.',
  login_refused: 'The server rejects the password that the deployment carries.',
  login_unknown: 'The server gave no clear answer for the password that the deployment carries.',
  secret_unreadable: 'A stored secret cannot be decrypted: its row was changed, or it was encrypted with another key. Set it again.',
} as const;
export type DeploymentFailure = keyof typeof DEPLOYMENT_FAILURES;
