/** What Node takes by itself in a container of 512 MB: on a machine with more it would let garbage lie for longer. */
export const HEAP_LIMIT_MB = 256;
export const HEAP_OPTION = `--max-old-space-size=${HEAP_LIMIT_MB}`;
/** Of the image's entry point. */
export const ENTRY_OPTIONS = ['--disable-proto=delete', '--max-semi-space-size=8'];
/** As the Dockerfile sets them. */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
