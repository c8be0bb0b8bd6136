import { createServer } from 'node:http';

interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Notification extends WebhookAlert {
  /** The receiver's name, from the path. */
  readonly receiver: string;
}

export interface Webhook {
  readonly received: readonly Notification[];
  /** Notifications as sent, groups counted once: what a person would see. */
  readonly deliveries: readonly { readonly receiver: string; readonly alerts: readonly WebhookAlert[] }[];
  close(): Promise<void>;
}

/** Takes what Alertmanager sends to `/RECEIVER`. */
export async function startWebhook(port: number): Promise<Webhook> {
  const received: Notification[] = [];
  const deliveries: { receiver: string; alerts: readonly WebhookAlert[] }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const receiver = (request.url ?? '').slice(1);
      const { alerts } = JSON.parse(body) as { alerts: readonly WebhookAlert[] };
      deliveries.push({ receiver, alerts });
      received.push(...alerts.map((alert) => ({ ...alert, receiver })));
      response.end();
    });
  });
  await new Promise<void>((started) => server.listen(port, '127.0.0.1', started));
  return {
    received,
    deliveries,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
