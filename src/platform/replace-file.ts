import { open, rename } from 'node:fs/promises';

/** Ends the name of what is being written; a file of that name was left by a crash and holds nothing. */
export const TORN = '.part';

/**
 * The file holds either what it held or all of `value`, whenever the process or the machine ends. `mode` is that of a new
 * file. Rejects with the system's error; then the file is as it was.
 */
export async function replaceFile(path: string, value: Buffer | string, mode = 0o666): Promise<void> {
  const file = await open(`${path}${TORN}`, 'w', mode);
  try {
    await file.writeFile(value);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}${TORN}`, path);
}
