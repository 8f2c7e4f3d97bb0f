// An address of the true server that may lead to another one from one moment to the next, as after a change of its DNS record.
import { once } from 'node:events';
import net from 'node:net';

interface Address {
  host: string;
  port: number;
}

export interface Relay extends Address {
  /** From now on connections lead there; open ones end. */
  redirect: (to: Address) => void;
  close: () => void;
}

export async function startRelay(host: string, to: Address): Promise<Relay> {
  let now = to;
  const sockets = new Set<net.Socket>();
  const follow = (socket: net.Socket, other: net.Socket) => {
    sockets.add(socket);
    const end = () => {
      sockets.delete(socket);
      other.destroy();
    };
    socket.on('error', end).on('close', end);
  };
  const server = net.createServer((client) => {
    const next = net.connect({ host: now.host, port: now.port, noDelay: true });
    follow(client, next);
    follow(next, client);
    client.setNoDelay(true).pipe(next).pipe(client);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host,
    port: (server.address() as net.AddressInfo).port,
    redirect: (next) => {
      now = next;
      endAll();
    },
    close: () => {
      server.close();
      endAll();
    },
  };
}
