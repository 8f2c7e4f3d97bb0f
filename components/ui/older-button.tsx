import { Button } from './button.tsx';

/** At the foot of a card's list: shows what is older. */
export function OlderButton({ isLoading, onClick }: { isLoading: boolean; onClick: () => void }) {
  return (
    <div className="border-t border-line p-2">
      <Button kind="quiet" size="small" className="w-full" busy={isLoading && 'Loading'} onClick={onClick}>
        Older
      </Button>
    </div>
  );
}
