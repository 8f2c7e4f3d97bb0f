/** Why a deployment failed; nothing was retired. */
export const DEPLOYMENT_FAILURES = {
  no_hook: 'No deploy hook is configured. Give the environment a deploy_hook_url, or send mark_as_deployed once it has been deployed.',
  address_refused: 'The deploy hook leads to an address that is not public. Allow it with REKEY_OUTBOUND_ALLOW, or give another one.',
  insecure_hook:
    'The deploy hook is called over plain http, and it is sent tokens that fetch passwords. Nothing was sent. Give an https URL, or name its host in REKEY_HTTP_HOOK_HOSTS and restart Rekey.',
  timed_out: 'The deploy hook did not answer in time.',
  unreachable: 'The deploy hook does not answer.',
  redirected: 'The deploy hook answered with a redirect, and Rekey follows none. Give the URL it leads to.',
  rejected: 'The deploy hook did not answer with a 2xx status.',
  reported: 'The deploy hook reported that the deployment failed.',
  variables_not_fetched: 'The deploy hook said that it deployed, but it did not fetch the variables: what runs cannot have them.',
  rotation_unsettled: 'A rotation of the login has not ended in time: nobody can say which password the deployment should carry.',
  overdue: 'The deploy hook did not report an end in time.',
  login_refused: 'The server refuses the password that the deployment carries.',
  login_unknown: 'The server did not say whether the password that the deployment carries works.',
  secret_unreadable: 'A secret that Rekey keeps does not open: its row was changed, or it was sealed with another key. Write it again.',
} as const;
export type DeploymentFailure = keyof typeof DEPLOYMENT_FAILURES;
