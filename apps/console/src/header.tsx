import { useEffect, useState } from 'preact/hooks';
import type { Condition } from '@outbox/console-api';
import { useConsole } from './console';
import { several, timeOfDay } from './format';
import { Sign } from './parts';
import { href } from './route';
import { worstOf } from './verdict';

interface Tab {
  readonly view: string;
  readonly title: string;
  readonly badge?: number;
}

/** The name of the stack, how it does, and the way to every view. */
export function Header({ view, isConnected }: { readonly view: string; readonly isConnected: boolean }) {
  const { session, pipeline } = useConsole();
  const alarms = pipeline?.alarms.filter(({ state }) => state === 'ALARM').length ?? 0;
  const dead = pipeline?.stages.reduce((sum, { deadLetters = 0 }) => sum + deadLetters, 0) ?? 0;
  const tabs: Tab[] = [
    { view: 'pipeline', title: 'Pipeline' },
    { view: 'live', title: 'Live' },
    { view: 'trace', title: 'Trace' },
    { view: 'dead-letters', title: 'Dead letters', badge: dead },
    { view: 'stuck', title: 'Stuck' },
    { view: 'alarms', title: 'Alarms', badge: alarms },
    ...(session.localCloud === undefined ? [] : [{ view: 'denied', title: 'Denied' }]),
    ...(session.requests.length > 0 ? [{ view: 'try', title: 'Try' }] : []),
  ];
  return (
    <header class="top">
      <a class="skip" href="#main" onClick={toMain}>
        Skip to the content
      </a>
      <div class="line">
        <h1>
          <span class="muted">Outbox</span> {session.source}
        </h1>
        <Verdict />
        <span class="spacer" />
        <span class={isConnected ? 'muted clock' : 'lost clock'}>
          {isConnected ? (pipeline ? `as of ${timeOfDay(pipeline.at)}` : 'looking …') : 'not connected'}
        </span>
        <span class="mode">{session.write ? 'read and write' : 'read-only'}</span>
        <Theme />
      </div>
      <nav aria-label="Views">
        {tabs.map(({ view: name, title, badge = 0 }) => (
          <a key={name} href={href(name)} {...(name === view ? { 'aria-current': 'page' } : {})}>
            {title}
            {badge > 0 ? <span class="badge">{badge}</span> : null}
          </a>
        ))}
      </nav>
    </header>
  );
}

/** All of the pipeline in one word. */
function Verdict() {
  const { pipeline } = useConsole();
  if (!pipeline) return null;
  const condition: Condition = worstOf(pipeline.stages.map((stage) => stage.condition));
  const troubled = pipeline.stages.filter(({ says }) => says.length > 0).length;
  const text =
    troubled === 0 ? 'Nothing is behind' : `${several(troubled, 'stage')} ${troubled === 1 ? 'needs' : 'need'} a look`;
  return (
    <p class="verdict" role="status">
      <Sign condition={troubled === 0 ? 'running' : condition} silent /> {text}
    </p>
  );
}

const THEMES = ['auto', 'light', 'dark'] as const;
type ThemeName = (typeof THEMES)[number];

function Theme() {
  const [theme, setTheme] = useState<ThemeName>(() => THEMES.find((name) => name === saved()) ?? 'auto');
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    localStorage.setItem('theme', theme);
  }, [theme]);
  return (
    <label class="theme">
      <span class="hidden">Colours</span>
      <select value={theme} onChange={({ currentTarget }) => setTheme(currentTarget.value as ThemeName)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function saved(): string | null {
  return localStorage.getItem('theme');
}

/** The hash is the route: the browser's own jump would leave the view. */
function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
