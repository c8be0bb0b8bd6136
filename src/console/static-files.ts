import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { HttpReply } from '../platform/http-server';

/**
 * What a browser may do with our pages: run our own script, take our own style, talk to us. Text of a producer that were
 * ever taken for markup would still run nothing and reach nobody.
 */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Plumbline</title>
<h1>Plumbline</h1><p>The page of the console is not part of this build. The API is at <a href="/api/v1/openapi.json">/api/v1</a>.</p></html>
`;

/**
 * Serves the built page from a folder: its files by name, and `index.html` for every other path, since the page itself
 * reads the address (`/`, `/alerts/…`, `/i/…`).
 */
export async function servePage(root: string, path: string): Promise<HttpReply> {
  const extension = extname(path);
  // Ids may look like names of files.
  const isAddress = path.startsWith('/i/') || path.startsWith('/alerts/');
  if (!isAddress && Object.hasOwn(TYPES, extension) && !path.includes('..')) {
    const file = await read(join(root, normalize(path)));
    if (file === null)
      return { status: 404, type: 'text/plain; charset=utf-8', body: 'no such file\n', headers: PAGE_HEADERS };
    return { status: 200, type: TYPES[extension]!, body: file, headers: PAGE_HEADERS };
  }
  const page = await read(join(root, 'index.html'));
  return { status: 200, type: TYPES['.html']!, body: page ?? NOT_BUILT, headers: PAGE_HEADERS };
}

async function read(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch {
    return null;
  }
}
