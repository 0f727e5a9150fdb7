import { slowClients, UNFINISHED } from '../../apps/ase/src/testSlowClients.ts';
import { expect, test } from '../fixtures/test.ts';

/** What answers HTTP with a heap of a few dozen megabytes, where it listens before ports are moved. */
const SERVERS = {
  'cloud-nine': 14100,
  rates: 14400,
  chain: 14600,
  usage: 14500,
  'alert-sink': 19094,
  dashboards: 13000,
};
/** As many as the one that takes most lets connect, but for a few. */
const CLIENTS = 900;

// A number that was wrong once is wrong.
test.describe.configure({ timeout: 180_000, retries: 0 });

for (const [name, bytes] of Object.entries(UNFINISHED)) {
  test(`hundreds of clients, each of which never ends ${name}: no program ends by it`, async ({
    playground,
  }) => {
    const before = await playground.pids();
    for (const port of Object.values(SERVERS)) {
      const sockets = await slowClients(CLIENTS, playground.port(port), bytes);
      for (const socket of sockets) socket.destroy();
    }
    const answers = (port: number) =>
      fetch(`http://127.0.0.1:${playground.port(port)}/`)
        .then(({ status }) => status > 0)
        .catch(() => false);
    for (const port of Object.values(SERVERS)) await expect.poll(() => answers(port)).toBe(true);
    expect(await playground.pids()).toEqual(before);
  });
}

test('after that no number is wrong', async ({ playground }) => {
  const truth = await playground.verb('truth');
  expect(truth.exitCode, truth.stdout).toBe(0);
});
