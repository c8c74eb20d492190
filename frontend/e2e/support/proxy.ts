import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** An address that leads to one server after another, as when a machine is replaced. */
export interface Proxy {
  url: string;
  leadTo: (url: string) => void;
  stop: () => Promise<void>;
}

export async function startProxy(first: string): Promise<Proxy> {
  let target = new URL(first);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const closeAll = () => open.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo: (url) => {
      target = new URL(url);
      closeAll();
    },
    stop: async () => {
      closeAll();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
