import { createMemoryBroker, createMemorySource } from '../support/fakes/memory-source';
import { sourceContract } from './source-suite';

sourceContract(
  'in memory',
  () => {
    const broker = createMemoryBroker({ 'llm.interactions': 2 });
    return Promise.resolve({
      partitions: broker.partitions,
      append(at, records) {
        for (const record of records) broker.append(at, record);
        return Promise.resolve();
      },
      open: () => createMemorySource({ broker }),
      committed: (at) => Promise.resolve(broker.committed(at)),
      close: () => Promise.resolve(),
    });
  },
  { hasKeys: true, isEndless: true, keepsCommits: true },
);
