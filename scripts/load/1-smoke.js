// Does it work at all? Two virtual users for ten seconds, and not a single failure.
import exec from 'k6/execution';
import { paymentLimits } from './lib/limits.js';
import { payment } from './lib/pay.js';
import { summaryOf } from './lib/summary.js';

export const options = paymentLimits(
  { smoke: { executor: 'constant-vus', vus: 2, duration: '10s' } },
  { http_req_failed: ['rate==0'], 'load_payments{direction:outgoing,state:completed}': ['count>0'] },
);

export default () => payment(exec.scenario.iterationInTest);

export const handleSummary = summaryOf('smoke');
