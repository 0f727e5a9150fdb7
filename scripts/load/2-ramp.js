// How much does it take? Ever more virtual users, up to forty, and then none.
import exec from 'k6/execution';
import { paymentLimits } from './lib/limits.js';
import { payment } from './lib/pay.js';
import { summaryOf } from './lib/summary.js';

export const options = paymentLimits(
  {
    ramp: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: '10s', target: 10 },
        { duration: '10s', target: 20 },
        { duration: '20s', target: 40 },
        { duration: '5s', target: 0 },
      ],
      gracefulRampDown: '60s',
    },
  },
  { http_req_failed: ['rate<0.001'], load_payment_duration: ['p(95)<2000'] },
);

export default () => payment(exec.scenario.iterationInTest);

export const handleSummary = summaryOf('ramp');
