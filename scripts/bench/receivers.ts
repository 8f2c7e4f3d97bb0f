// Many webhook receivers in a process of their own, one on each port: `node receivers.ts 1000` prints their ports as JSON.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const ports: number[] = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  const server = http.createServer((request, response) => request.resume().once('end', () => response.writeHead(204).end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ports.push((server.address() as AddressInfo).port);
}
console.log(JSON.stringify(ports));
