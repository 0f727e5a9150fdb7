// Which payment is the n-th of a run: always the same for the same seed, whichever virtual user makes it.
import { ASES, WALLETS, whole } from './place.js';

const SEED = whole('LOAD_SEED', { least: 0, most: 999_999_999, otherwise: 1 });
/** Well above the fee, and up to three of the largest packets. */
const MIN_UNITS = 500;
const MAX_UNITS = 25_000;

export function orderOf(index) {
  const draw = mixed(SEED, index);
  const from = draw(ASES.length);
  return {
    from: ASES[from],
    to: ASES[(from + 1) % ASES.length],
    payer: WALLETS[draw(WALLETS.length)],
    payee: WALLETS[draw(WALLETS.length)],
    // fixed-send: the payer says what leaves the wallet; else the payee says what shall arrive.
    isFixedSend: draw(2) === 0,
    units: MIN_UNITS + draw(MAX_UNITS - MIN_UNITS + 1),
  };
}

/** Numbers below a limit, drawn from a state that seed and index determine (splitmix32). */
function mixed(seed, index) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  return (limit) => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return Math.floor((((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32) * limit);
  };
}
