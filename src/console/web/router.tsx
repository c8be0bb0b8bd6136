import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Where one is: every view has an address that can be sent to somebody else. */
export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();
addEventListener('popstate', () => listeners.forEach((tell) => tell()));

export function usePlace(): Place {
  const [place, setPlace] = useState(placeNow);
  useEffect(() => {
    const tell = (): void => setPlace(placeNow());
    listeners.add(tell);
    return () => {
      listeners.delete(tell);
    };
  }, []);
  return place;
}

function placeNow(): Place {
  const path = location.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  return { path, query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `replace` leaves no entry in the history, as for a filter that is being typed. */
export function go(address: string, replace: boolean = false): void {
  if (replace) history.replaceState(null, '', address);
  else {
    history.pushState(null, '', address);
    scrollTo(0, 0);
  }
  listeners.forEach((tell) => tell());
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}

/** A real link, so that it can be opened elsewhere; a plain click stays in the page. */
export function Link({ to, children, class: className, current = false }: LinkProps): JSX.Element {
  return (
    <a
      href={to}
      class={className}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}

export function interactionPath(id: string): string {
  return `/i/${encodeURIComponent(id)}`;
}

export function alertPath(id: string): string {
  return `/alerts/${encodeURIComponent(id)}`;
}
