// Does it come back? A calm, sixty virtual users at once, a calm again: what comes after the spike has to be as fast as
// what came before it.
import exec from 'k6/execution';
import { paymentLimits } from './lib/limits.js';
import { payment } from './lib/pay.js';
import { summaryOf } from './lib/summary.js';

const CALM_VUS = 2;

export const options = paymentLimits(
  {
    before: { executor: 'constant-vus', vus: CALM_VUS, duration: '10s' },
    spike: { executor: 'constant-vus', vus: 60, duration: '10s', startTime: '10s' },
    // Those that the spike left have ended by then.
    after: { executor: 'constant-vus', vus: CALM_VUS, duration: '10s', startTime: '26s' },
  },
  {
    http_req_failed: ['rate<0.001'],
    'load_payment_duration{scenario:before}': ['p(95)<500'],
    'load_payment_duration{scenario:after}': ['p(95)<500'],
  },
);

/** Each scenario counts from 0: a million apart, no two of them make the same payment. */
const FIRST = { before: 0, spike: 1_000_000, after: 2_000_000 };

export default () => payment(FIRST[exec.scenario.name] + exec.scenario.iterationInTest);

export const handleSummary = summaryOf('spike');
