import { defineConfig } from '@playwright/test';
import { E2E_HOME, E2E_PORT_OFFSET } from './fixtures/place.ts';

/**
 * `start` brings up a playground of its own (free ports, temporary state folder), `specs` look at it, `stop` takes
 * it down. `alerts` and `mutations` start their own.
 */
export default defineConfig({
  testDir: '.',
  // One for the playground that the specs share, one for the copies that the mutations start.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: `http://127.0.0.1:${13000 + E2E_PORT_OFFSET}`,
    viewport: { width: 1440, height: 1000 },
    launchOptions: {
      ...(process.env.PLAYGROUND_CHROMIUM ? { executablePath: process.env.PLAYGROUND_CHROMIUM } : {}),
      args: ['--no-sandbox', '--disable-background-networking'],
    },
    trace: 'retain-on-failure',
  },
  metadata: { home: E2E_HOME },
  projects: [
    { name: 'start', testMatch: 'fixtures/start.setup.ts', teardown: 'stop', timeout: 300_000 },
    { name: 'stop', testMatch: 'fixtures/stop.setup.ts' },
    {
      name: 'specs',
      testMatch: 'specs/*.spec.ts',
      testIgnore: /(mutation|alerts)\.spec\.ts$/,
      dependencies: ['start'],
      workers: 1,
    },
    {
      name: 'alerts',
      testMatch: 'specs/alerts.spec.ts',
      // Its causes would disturb the others, and their work its clock.
      dependencies: ['specs'],
      timeout: 240_000,
      workers: 1,
    },
    {
      name: 'mutations',
      testMatch: 'specs/mutation.spec.ts',
      dependencies: ['start'],
      timeout: 180_000,
      workers: 1,
    },
  ],
});
