import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Menu, MenuItem } from '#components/ui/menu.tsx';

interface MoreMenuProps {
  /** What is edited or forgotten. */
  name: string;
  disabled: boolean;
  onEdit: () => void;
  onForget: () => void;
}

/** The seldom acts on a site or an environment. */
export function MoreMenu({ name, disabled, onEdit, onForget }: MoreMenuProps) {
  return (
    <Menu trigger={<IconButton label={`More for ${name}`} icon={Ellipsis} />}>
      <MenuItem icon={Pencil} disabled={disabled} onSelect={onEdit}>
        Edit
      </MenuItem>
      <MenuItem icon={Trash2} tone="danger" disabled={disabled} onSelect={onForget}>
        Forget
      </MenuItem>
    </Menu>
  );
}
