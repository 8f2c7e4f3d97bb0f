import { Check } from 'lucide-react';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { MemberListWire } from '#lib/contract/member.ts';
import { ROLE_NAMES, ROLES } from './member-words.ts';

/** The rights that tell the roles apart. */
const ROWS = [
  { label: 'See state', right: 'projects.read' },
  { label: 'Rotate', right: 'credentials.rotate' },
  { label: 'Read passwords', right: 'credentials.read' },
  { label: 'Integrations', right: 'integrations.manage' },
  { label: 'Members', right: 'members.manage' },
];

/** The table that decides, in its main lines. */
export function RolesCard({ rights }: { rights: MemberListWire['rights'] }) {
  return (
    <Card title="What each role may do" foot="Rotating and reading are separate: an operator rotates and never sees a password. Only owners can change owners.">
      <div className="overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">Right</span>
              </th>
              {ROLES.map((role) => (
                <th key={role} scope="col" className="!px-1.5 text-center">
                  {ROLE_NAMES[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ label, right }) => (
              <tr key={right}>
                <th scope="row" className="!h-8 !border-line font-normal !text-ink">
                  {label}
                </th>
                {ROLES.map((role) => (
                  <td key={role} className="!h-8 !px-1.5 text-center">
                    {rights[role].includes(right) ? (
                      <>
                        <Icon as={Check} className="mx-auto text-ok-ink" />
                        <span className="sr-only">yes</span>
                      </>
                    ) : (
                      <>
                        <span className="text-ink-3" aria-hidden="true">
                          –
                        </span>
                        <span className="sr-only">no</span>
                      </>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
