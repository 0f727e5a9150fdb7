/** What panels say when there is no number. */

/** Nothing at all came: the series are missing. */
export const NO_TELEMETRY = 'No telemetry from the chosen ASEs: is one running?';
export const NO_TELEMETRY_FROM_ASE = 'No telemetry from this ASE: is it running?';
export const NO_TELEMETRY_FOR_ASSETS = 'No telemetry from this ASE for the chosen assets: is it running?';
/** A line needs at least two samples, and what it is made of has to happen. */
export const NOTHING_YET = 'Nothing in this time range yet';
export const NO_PAYMENTS_YET = 'No payments in this time range yet';
export const NO_SETTLEMENTS_YET =
  'No settlement in this time range yet: one is due when a peer is owed as much as its threshold';
export const NO_SETTLEMENT =
  'No chain in the telemetry of this ASE: settlement is off, or the ASE does not run';
export const NO_PACKETS_YET = 'No packets in this time range yet';
export const NO_NETWORK =
  'Nobody tells this network anything: “up --core” shares nothing, a livenet needs “up --livenet”';
export const NO_NETWORK_YET = 'Nothing told to this network in this time range yet';
export const NOTHING_SHARED = 'This ASE shares nothing: network telemetry is off (“up --core”, or opted out)';
export const NOTHING_SHARED_YET = 'Nothing shared in this time range yet';
export const NO_RULES = 'The rules are not loaded: was Prometheus started by the playground?';
export const NO_RATES = 'No exchange rates: is the rates service running?';

export const NO_USAGE = 'No usage backend: not started (`up --core`), or away (`./playground doctor`)';
export const NO_USAGE_YET = 'Nothing from the usage backend in this time range: `up --core` has none';
export const NO_LOAD_YET = 'Neither load nor payments in this time range yet: `./playground load` makes some';
export const NO_REPORT =
  'No report came in the last 14 days: `./playground usage --dry-run` says why (off, lost, or not due yet)';
export const NO_REPORT_EVER = 'never';

/** The series are there, and nothing happened that a ratio or average could be made of. */
export const NO_PAYMENTS = 'no payments';
export const NO_PACKETS = 'no packets';
export const NO_SETTLEMENTS = 'no settlements';
export const NO_ERROR_EVER = 'never';
export const NO_TRANSACTIONS = 'no transactions';

export const BASE_NOTE =
  'Amounts travel in the base currency, USD with scale 4 (10 000 units are $1), and are divided to be shown in dollars.';
export const UNIT_NOTE = 'A unit is the smallest of its asset: 100 units are 1.00 USD.';
