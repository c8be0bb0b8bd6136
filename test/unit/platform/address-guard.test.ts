import type { LookupFunction } from 'node:net';
import { addressFault, guardedLookup, literalFault } from '../../../src/platform/address-guard';

/** A name server that answers as told, call by call. */
function answering(...answers: (readonly string[])[]): LookupFunction {
  let call = 0;
  return (_host, _options, callback) => {
    const addresses = answers[Math.min(call++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

function look(lookup: LookupFunction, host: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, address) => (error === null ? resolve(address) : reject(error)));
  });
}

describe('addresses of judges', () => {
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '0.0.0.0',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
  ])('are never %s, under no name', (address) => {
    expect(addressFault('judge.example', address)).not.toBeNull();
    expect(addressFault('localhost', address)).not.toBeNull();
  });

  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('are %s only under a name that says so', (address) => {
    expect(addressFault('judge.example', address)).not.toBeNull();
    expect(addressFault('localhost', address)).toBeNull();
    expect(addressFault(address.includes(':') ? `[${address}]` : address, address)).toBeNull();
  });

  it.each(['10.1.2.3', '192.168.0.7', '172.16.0.1', '93.184.216.34', '2606:2800:220:1::1'])('may be %s', (address) => {
    expect(addressFault('judge.example', address)).toBeNull();
  });

  it.each(['http://0x7f.1/', 'http://2130706433/', 'http://127.1/'])('may be this host, as %s writes it', (url) => {
    expect(literalFault(new URL(url).hostname)).toBeNull();
  });

  it.each(['http://2852039166/', 'http://0xa9fea9fe/', 'http://[::ffff:169.254.169.254]/', 'http://[::]/'])(
    'are not those of the metadata service, as %s writes it',
    (url) => {
      expect(literalFault(new URL(url).hostname)).not.toBeNull();
    },
  );
});

describe('the look-up of judges', () => {
  it('hands on what may be called', async () => {
    await expect(look(guardedLookup(answering(['10.0.0.1'])), 'judge.example')).resolves.toEqual([
      { address: '10.0.0.1', family: 4 },
    ]);
  });

  it('refuses a name that changes its address between two connections', async () => {
    const lookup = guardedLookup(answering(['93.184.216.34'], ['169.254.169.254']));
    await look(lookup, 'judge.example');
    await expect(look(lookup, 'judge.example')).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('refuses all when one of several is refused, and a name without any', async () => {
    await expect(look(guardedLookup(answering(['93.184.216.34', '127.0.0.1'])), 'judge.example')).rejects.toThrow();
    await expect(look(guardedLookup(answering([])), 'judge.example')).rejects.toThrow('no address');
  });
});
