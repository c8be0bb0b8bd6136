import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaOptions } from './kafka-broker';

/** Where a secured broker's certificate is, and how one is started. */
export interface SecuredSetup {
  readonly options: KafkaOptions;
  /** The broker's self-signed certificate, PEM: what a client has to trust. */
  readonly caFile: string;
  readonly folder: string;
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

/**
 * Options of a broker whose further listener takes the given users, each with the password `<name>-secret`, by any
 * mechanism over TLS, and lets them do only what ACLs allow. The plaintext listener is the administrator's. Throws where
 * `openssl` is missing.
 */
export function securedSetup(users: readonly string[]): SecuredSetup {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-secured-'));
  const [keyFile, caFile, keyStore] = ['key.pem', 'cert.pem', 'store.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', keyFile, '-out', caFile];
  execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
  writeFileSync(keyStore, readFileSync(keyFile, 'utf8') + readFileSync(caFile, 'utf8'));
  const security = 'org.apache.kafka.common.security';
  const plainUsers = users.map((user) => `user_${user}="${passwordOf(user)}"`).join(' ');
  const login = (mechanism: string, module: string): [string, string] => [
    `listener.name.secure.${mechanism}.sasl.jaas.config`,
    `${security}.${module};`,
  ];
  return {
    folder,
    caFile,
    options: {
      listener: { name: 'secure', protocol: 'SASL_SSL' },
      scram: users.flatMap((user) =>
        ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => {
          return `${mechanism}=[name=${user},password=${passwordOf(user)}]`;
        }),
      ),
      properties: {
        'listener.name.secure.sasl.enabled.mechanisms': MECHANISMS.join(','),
        'listener.name.secure.ssl.keystore.type': 'PEM',
        'listener.name.secure.ssl.keystore.location': keyStore,
        ...Object.fromEntries([
          login('plain', `plain.PlainLoginModule required ${plainUsers}`),
          login('scram-sha-256', 'scram.ScramLoginModule required'),
          login('scram-sha-512', 'scram.ScramLoginModule required'),
          login('oauthbearer', 'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker"'),
        ]),
        'listener.name.secure.oauthbearer.sasl.server.callback.handler.class': `${security}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    },
  };
}

export function passwordOf(user: string): string {
  return `${user}-secret`;
}

/** An unsigned token, as the broker's test validator takes it. */
export function tokenFor(user: string, nowMs: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(nowMs / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: user, iat, exp: iat + 3600 })}.`;
}
