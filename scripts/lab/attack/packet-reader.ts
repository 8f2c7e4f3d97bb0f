import type { Duplex } from 'node:stream';

/** Reads exact numbers of bytes from a socket; throws where it closes first. */
export class PacketReader {
  readonly #socket: Duplex;
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};
  #isClosed = false;
  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake();
  };
  readonly #onClose = () => {
    this.#isClosed = true;
    this.#wake();
  };

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on('data', this.#onData).on('close', this.#onClose).on('end', this.#onClose).resume();
  }

  async read(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) {
      if (this.#isClosed) throw new Error('the connection was closed');
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  /** Lets go of the socket, to be read by another: paused, with what was not read yet given back. */
  release(): void {
    this.#socket.off('data', this.#onData).off('close', this.#onClose).off('end', this.#onClose).pause();
    if (this.#bytes.length > 0) this.#socket.unshift(this.#bytes);
  }
}
