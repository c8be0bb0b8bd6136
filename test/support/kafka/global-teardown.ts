import './global-setup';

/** jest's globalTeardown of the project `broker`. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.plumblineSharedKafka?.stop();
}
