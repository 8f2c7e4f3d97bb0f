import { once } from 'node:events';
import net from 'node:net';

type Answer = Buffer | ((message: Buffer) => Buffer);

/** Listens on loopback, says `first` and gives one of these answers to each message: a server that breaks the protocol. */
export async function startFakeServer(answers: readonly Answer[], first?: Buffer): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const left = [...answers];
    sockets.add(socket);
    if (first) socket.write(first);
    socket
      .on('error', () => {})
      .on('data', (message) => {
        const answer = left.shift() ?? Buffer.alloc(0);
        socket.write(typeof answer === 'function' ? answer(message) : answer);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
