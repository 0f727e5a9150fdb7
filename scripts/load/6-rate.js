// Does it hold a pace? So many payments begin each second, whether those before them have ended or not.
import exec from 'k6/execution';
import { paymentLimits } from './lib/limits.js';
import { payment } from './lib/pay.js';
import { whole } from './lib/place.js';
import { summaryOf } from './lib/summary.js';

const RATE = whole('LOAD_RATE', { least: 1, most: 1000, otherwise: 10 });
const SECONDS = whole('LOAD_SECONDS', { least: 1, most: 43_200, otherwise: 15 });

export const options = paymentLimits(
  {
    rate: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      // Enough while a payment takes less than a second. More users would only hide that the pace is lost.
      preAllocatedVUs: Math.max(RATE, 5),
    },
  },
  { http_req_failed: ['rate==0'], load_payment_duration: ['p(95)<=250'], dropped_iterations: ['count==0'] },
);

export default () => payment(exec.scenario.iterationInTest);

export const handleSummary = summaryOf('rate');
