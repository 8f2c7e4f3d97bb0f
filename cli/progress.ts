import { tell } from './print.ts';

/** Shows one line that changes in place on a terminal; elsewhere each new line is written once. */
export function startProgress(): { show: (text: string) => void; end: () => void } {
  let last = '';
  const isTerminal = process.stderr.isTTY;
  const wipe = () => {
    if (isTerminal && last !== '') process.stderr.write('\r\x1b[K');
  };
  return {
    show(text) {
      if (text === last) return;
      wipe();
      if (isTerminal) process.stderr.write(text);
      else tell(text);
      last = text;
    },
    end() {
      wipe();
      last = '';
    },
  };
}
