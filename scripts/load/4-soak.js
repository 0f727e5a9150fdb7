// Does it stay well? Five virtual users for as long as one likes: five minutes unless LOAD_MINUTES says otherwise.
import exec from 'k6/execution';
import { paymentLimits } from './lib/limits.js';
import { payment } from './lib/pay.js';
import { whole } from './lib/place.js';
import { summaryOf } from './lib/summary.js';

const MINUTES = whole('LOAD_MINUTES', { least: 1, most: 720, otherwise: 5 });

export const options = paymentLimits(
  { soak: { executor: 'constant-vus', vus: 5, duration: `${MINUTES}m` } },
  { http_req_failed: ['rate<0.001'], load_payment_duration: ['p(95)<500'] },
);

export default () => payment(exec.scenario.iterationInTest);

export const handleSummary = summaryOf('soak');
