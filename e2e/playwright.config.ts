import { defineConfig } from '@playwright/test';
import { E2E_HOME, E2E_PORT_OFFSET } from './fixtures/place.ts';

const specs = (...names: string[]) => names.map((name) => `specs/${name}.spec.ts`);

/**
 * A second try with `test all`, for a machine that was too busy; what passes then is named (docs/testing.md).
 * Specs about numbers have none: a number that was wrong once is wrong.
 */
const SECOND_TRY = process.env.E2E_SECOND_TRY ? 1 : 0;

/**
 * `start` brings up a playground of its own (free ports, temporary state folder), `looks`, `alone` and `breaks` use it,
 * `stop` takes it down. `own` and `alerts` start their own.
 */
export default defineConfig({
  testDir: '.',
  workers: 2,
  forbidOnly: true,
  // Nothing waits so long but on a machine that is slow, or for what never comes.
  timeout: 400_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: `http://127.0.0.1:${13000 + E2E_PORT_OFFSET}`,
    viewport: { width: 1440, height: 1000 },
    launchOptions: {
      ...(process.env.PLAYGROUND_CHROMIUM ? { executablePath: process.env.PLAYGROUND_CHROMIUM } : {}),
      args: ['--no-sandbox', '--disable-background-networking'],
    },
    // A trace takes a third of a board's processor time.
    trace: 'on-first-retry',
  },
  metadata: { home: E2E_HOME },
  projects: [
    { name: 'start', testMatch: 'fixtures/start.setup.ts', teardown: 'stop', timeout: 300_000 },
    { name: 'stop', testMatch: 'fixtures/stop.setup.ts' },
    {
      // They take nothing away from each other, and a payment more does not disturb them.
      name: 'looks',
      testMatch: specs(
        'accessibility',
        'completeness',
        'home',
        'logs',
        'phone',
        'timeRange',
        'usage',
        'variables',
      ),
      dependencies: ['start'],
      fullyParallel: true,
      retries: SECOND_TRY,
    },
    {
      // They count what nobody else may add to.
      name: 'alone',
      testMatch: specs('exactness', 'live', 'load', 'tracing'),
      dependencies: ['looks'],
      workers: 1,
      retries: SECOND_TRY,
    },
    {
      // Never beside the others: each check of `test` names the projects that it wants.
      name: 'breaks',
      testMatch: specs('crash', 'doctor', 'outage', 'slowClients'),
      dependencies: ['start'],
      workers: 1,
      retries: SECOND_TRY,
    },
    {
      name: 'own',
      testMatch: specs('history', 'mutation', 'network', 'pull'),
      timeout: 400_000,
    },
    {
      // Its clock wants the machine for itself.
      name: 'alerts',
      testMatch: specs('alerts'),
      timeout: 400_000,
      workers: 1,
      retries: SECOND_TRY,
    },
  ],
});
