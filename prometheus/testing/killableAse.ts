import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { LedgerCounter } from '../../telemetry/catalogue.ts';
import type { SenderAnswer, SenderMessage, SenderStart, SentTotal } from './sender.ts';

/** A ledger in this process, and the telemetry of its ASE in another, which can be killed and started again. */
export class KillableAse {
  readonly #settings: Omit<SenderStart, 'totals'>;
  readonly #totals = new Map<
    string,
    { quantity: LedgerCounter; labels: Record<string, string>; value: bigint }
  >();
  #child: ChildProcess | undefined;

  constructor(settings: Omit<SenderStart, 'totals'>) {
    this.#settings = settings;
  }

  /** What the books say. */
  get totals() {
    return [...this.#totals.values()];
  }

  async start(): Promise<void> {
    const totals = this.totals.map((total): SentTotal => ({ ...total, value: String(total.value) }));
    this.#child = fork(path.join(import.meta.dirname, 'sender.ts'), [
      JSON.stringify({ ...this.#settings, totals } satisfies SenderStart),
    ]);
    await once(this.#child, 'message');
  }

  /** Something happened: first in the books, then in telemetry, as in a real ASE. */
  async happen(quantity: LedgerCounter, labels: Record<string, string>, by: bigint): Promise<void> {
    this.enter(quantity, labels, by);
    await this.#ask({ add: { quantity, labels, value: String(by) } });
  }

  /** Only the books know of it: the process learns it when it starts. */
  enter(quantity: LedgerCounter, labels: Record<string, string>, by: bigint): void {
    const key = JSON.stringify([quantity, labels]);
    const total = this.#totals.get(key) ?? { quantity, labels, value: 0n };
    this.#totals.set(key, { ...total, value: total.value + by });
  }

  async metricsText(): Promise<string> {
    const answer = await this.#ask({ render: true });
    return 'text' in answer ? answer.text : '';
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async #ask(message: SenderMessage): Promise<SenderAnswer> {
    if (!this.#child) throw new Error('the ASE is not started');
    const answered = once(this.#child, 'message');
    this.#child.send(message);
    const [answer] = (await answered) as [SenderAnswer];
    return answer;
  }
}
