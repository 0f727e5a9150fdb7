export const LOAD_TEST_UID = 'load-test';

export const TITLE = {
  usersNow: 'Users now',
  paceNow: 'Done a second',
  requests: 'Requests',
  failed: 'Failed requests',
  how: 'What this is about',
  users: 'Virtual users',
  pace: 'Payments a second',
  requestPace: 'Requests a second',
  trouble: 'Trouble a second',
  payments: 'Payment duration: k6 and the ASEs',
  requestTime: 'Request duration p95: k6 and the ASEs',
  packetTime: 'Packet latency p99',
  delay: 'Event-loop delay p99',
  busy: 'Event loop busy',
  memory: 'Resident memory',
};
