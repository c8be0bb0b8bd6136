/** What Node takes by itself in a container of 512 MB: on a machine with more it would let garbage lie for longer. */
export const HEAP_LIMIT_MB = 256;
/** Of the image's entry point. */
export const ENTRY_OPTIONS = ['--disable-proto=delete', '--max-semi-space-size=8'];
/** As `NODE_OPTIONS`: a process that is started otherwise runs as it would in the image. */
export const CONTAINER_OPTIONS = [...ENTRY_OPTIONS, `--max-old-space-size=${HEAP_LIMIT_MB}`].join(' ');
/** As the Dockerfile sets them. */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
