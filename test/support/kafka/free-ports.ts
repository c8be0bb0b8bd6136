import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which systems take the ports of outgoing connections (Linux: 32768 up). */
const LOWEST = 15_000;
const HIGHEST = 29_999;

/**
 * `count` different loopback ports that nothing listens on now. Not asked of the system with port 0: such a port lies
 * in the outgoing range, where any connection may take it while a broker that should return to it is down.
 * Another process can still take one in between, so whoever binds them tries again with fresh ones.
 */
export async function freeLoopbackPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
