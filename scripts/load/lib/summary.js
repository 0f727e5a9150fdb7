// The run as one line of JSON on stdout, for `./playground load` and for anybody's own script.
import { RUN } from './place.js';

/** @param {string} scenario its name on the command line */
export function summaryOf(scenario) {
  return (data) => {
    const metrics = Object.fromEntries(
      Object.entries(data.metrics).map(([name, { values, thresholds = {} }]) => [
        name,
        { values, crossed: Object.keys(thresholds).filter((one) => !thresholds[one].ok) },
      ]),
    );
    const report = { run: RUN, scenario, durationMs: data.state.testRunDurationMs, metrics };
    return { stdout: `LOAD ${JSON.stringify(report)}\n` };
  };
}
