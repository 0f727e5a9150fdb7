// Where the ASEs are, from the environment that `./playground load` (or compose) gives. Nothing but this machine's
// own ASEs is ever called: another host ends the run before it begins.
const LOCAL = /^http:\/\/(127\.0\.0\.1|cloud-nine|happy-life)(:\d+)$/;

/** @type {{name: string, url: string, publicUrl: string, assetCode: string, assetScale: number}[]} */
export const ASES = JSON.parse(required('LOAD_ASES')).map((ase) => {
  if (!LOCAL.test(ase.url)) throw new Error(`load goes to ASEs on this machine only, not to ${ase.url}`);
  return { publicUrl: ase.url, ...ase };
});
export const WALLETS = ['alice', 'bob', 'carol', 'dave'];
/** Unique to a run: with it a request that is tried again never pays twice, and the ledger knows whose payments it has. */
export const RUN = required('LOAD_RUN');

/** A whole number from the environment, within limits. */
export function whole(name, { least, most, otherwise }) {
  const text = __ENV[name];
  if (text === undefined || text === '') return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value < least || value > most)
    throw new Error(`${name} must be a whole number from ${least} to ${most}`);
  return value;
}

export function required(name) {
  if (!__ENV[name]) throw new Error(`${name} is not set: ./playground load sets it`);
  return __ENV[name];
}
