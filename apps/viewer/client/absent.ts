/**
 * Stands in for modules that Grafana's components load only for what a read-only viewer never does: code
 * editors, maps, error reporting to a vendor. `package.json` replaces their packages by an empty one (which
 * saves two thirds of the install), `vite.config.ts` points their imports here.
 */
export default function Absent(): null {
  return null;
}
export const loader = { config() {}, init: async () => ({}) };
export const CodeMirrorEditor = Absent;
export const faro = { api: undefined };
export const LogLevel = { ERROR: 'error', WARN: 'warn', INFO: 'info', DEBUG: 'debug' };
