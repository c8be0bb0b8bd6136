import { Component, type ComponentChildren, type JSX, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { AlertPage } from './pages/alert';
import { AlertsPage } from './pages/alerts';
import { InteractionPage } from './pages/interaction';
import { JudgesPage } from './pages/judges';
import { ReviewsPage } from './pages/reviews';
import { SearchPage } from './pages/search';
import { SegmentsPage } from './pages/segments';
import { StatusPage } from './pages/status';
import { Link, type Place, usePlace } from './router';

const VIEWS = [
  ['alerts', 'Alerts'],
  ['segments', 'Segments'],
  ['search', 'Search'],
  ['judges', 'Judges'],
  ['reviews', 'Review'],
  ['status', 'Status'],
] as const;

function App(): JSX.Element {
  const place = usePlace();
  const view = place.path[0] ?? 'alerts';
  const here = place.path.join('/');
  useEffect(() => {
    document.title = `${here === '' ? 'Alerts' : here} · Plumbline`;
  }, [here]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header>
        <Link to="/" class="brand">
          Plumbline
        </Link>
        <nav aria-label="Views">
          {VIEWS.map(([name, title]) => (
            <Link to={`/${name}`} current={view === name}>
              {title}
            </Link>
          ))}
        </nav>
        <Theme />
      </header>
      <main id="main" tabIndex={-1}>
        <Guard key={here}>{viewOf(view, place)}</Guard>
      </main>
    </>
  );
}

function viewOf(view: string, place: Place): JSX.Element {
  switch (view) {
    case 'alerts':
      return place.path[1] === undefined ? <AlertsPage place={place} /> : <AlertPage place={place} />;
    case 'segments':
      return <SegmentsPage place={place} />;
    case 'search':
      return <SearchPage place={place} />;
    case 'i':
      return <InteractionPage place={place} />;
    case 'judges':
      return <JudgesPage />;
    case 'reviews':
      return <ReviewsPage />;
    case 'status':
      return <StatusPage />;
    default:
      return (
        <>
          <h1>Nothing is here</h1>
          <p>
            See the <Link to="/alerts">alerts</Link>, or <Link to="/search">search</Link>.
          </p>
        </>
      );
  }
}

/** An answer that one view cannot show must not take the others with it. */
class Guard extends Component<{ children: ComponentChildren }, { failed: string | null }> {
  override state = { failed: null };

  static override getDerivedStateFromError(error: unknown): { failed: string } {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  override render(): ComponentChildren {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    return (
      <p class="problem" role="alert">
        This view could not be shown: {failed}
      </p>
    );
  }
}

const THEME = 'plumbline-theme';

/** As the system has it, until one says otherwise. */
function Theme(): JSX.Element {
  const [theme, setTheme] = useState(() => localStorage.getItem(THEME) ?? systemTheme());
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        localStorage.setItem(THEME, other);
        setTheme(other);
      }}
    >
      {other === 'dark' ? 'Dark' : 'Light'}
    </button>
  );
}

function systemTheme(): string {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
