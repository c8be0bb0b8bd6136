/** Remembers at least the last `most / 2` keys and at most `most`. */
export interface RecentMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  clear(): void;
}

/** Two generations instead of one ordered map: forgetting is one assignment, and what is in use moves on by itself. */
export function createRecentMap<K, V>(most: number): RecentMap<K, V> {
  const generation = Math.max(1, Math.floor(most / 2));
  let newer = new Map<K, V>();
  let older = new Map<K, V>();
  const set = (key: K, value: V): void => {
    if (newer.size >= generation) {
      older = newer;
      newer = new Map();
    }
    newer.set(key, value);
  };
  return {
    get(key) {
      const known = newer.get(key);
      if (known !== undefined) return known;
      const before = older.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
    set,
    clear() {
      newer = new Map();
      older = new Map();
    },
  };
}
