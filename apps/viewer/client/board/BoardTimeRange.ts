import { SceneTimeRange, type SceneTimeRangeState, sceneGraph } from '@grafana/scenes';

/** A round of queries that hangs this long is given up for a new one. */
const PATIENCE_MS = 30_000;

/**
 * The board's time range. While a round of queries is under way a refresh does not start the next: it would
 * abort those that have not answered yet, and on a busy machine the last panels would never get their turn.
 */
export class BoardTimeRange extends SceneTimeRange {
  /** The first round starts with the board. */
  #startedAtMs = Date.now();

  constructor(state: Partial<SceneTimeRangeState>) {
    super(state);
    const refresh = this.onRefresh;
    this.onRefresh = () => {
      const isRunning = sceneGraph.getQueryController(this)?.state.isRunning ?? false;
      if (isRunning && Date.now() - this.#startedAtMs < PATIENCE_MS) return;
      this.#startedAtMs = Date.now();
      refresh();
    };
  }
}
