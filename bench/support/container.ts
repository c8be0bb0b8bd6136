/** What Node takes by itself in a container of 512 MB: on a machine with more it would let garbage lie for longer. */
export const HEAP_LIMIT_MB = 256;
export const HEAP_OPTION = `--max-old-space-size=${HEAP_LIMIT_MB}`;
/** As the Dockerfile sets them. */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
