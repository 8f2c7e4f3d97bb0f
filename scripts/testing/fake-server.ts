import { once } from 'node:events';
import net from 'node:net';

/** Listens on loopback and gives each of these answers to a message, whatever it says: a server that breaks the protocol. */
export async function startFakeServer(answers: readonly Buffer[]): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const left = [...answers];
    sockets.add(socket);
    socket.on('error', () => {}).on('data', () => socket.write(left.shift() ?? ''));
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
