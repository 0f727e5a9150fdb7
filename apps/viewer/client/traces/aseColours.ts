/** The colours that the ASEs have on the boards too (grafana/src/colours.ts). */
export const ASE_COLOURS: Readonly<Record<string, string>> = {
  'cloud-nine': '#0fa3a3',
  'happy-life': '#d4569f',
  'global-bank': '#b98b00',
};
