/** Colour schemes of the heatmap by Grafana's names. Each maps 0…1 from little to much. */
import {
  interpolateBlues,
  interpolateGreens,
  interpolateGreys,
  interpolateInferno,
  interpolateMagma,
  interpolateOranges,
  interpolatePlasma,
  interpolatePurples,
  interpolateRdYlGn,
  interpolateReds,
  interpolateSpectral,
  interpolateTurbo,
  interpolateViridis,
  interpolateYlOrRd,
} from 'd3-scale-chromatic';

export type ColorScheme = (fraction: number) => string;

interface Known {
  colors: ColorScheme;
  /** Schemes that start pale lose their small values on a pale background, so dark themes turn them round. */
  startsPale: boolean;
}

const SCHEMES: Record<string, Known> = {
  Oranges: { colors: interpolateOranges, startsPale: true },
  Blues: { colors: interpolateBlues, startsPale: true },
  Greens: { colors: interpolateGreens, startsPale: true },
  Greys: { colors: interpolateGreys, startsPale: true },
  Purples: { colors: interpolatePurples, startsPale: true },
  Reds: { colors: interpolateReds, startsPale: true },
  YlOrRd: { colors: interpolateYlOrRd, startsPale: true },
  Spectral: { colors: (fraction) => interpolateSpectral(1 - fraction), startsPale: false },
  RdYlGn: { colors: (fraction) => interpolateRdYlGn(1 - fraction), startsPale: false },
  Turbo: { colors: interpolateTurbo, startsPale: false },
  Viridis: { colors: interpolateViridis, startsPale: false },
  Inferno: { colors: interpolateInferno, startsPale: false },
  Magma: { colors: interpolateMagma, startsPale: false },
  Plasma: { colors: interpolatePlasma, startsPale: false },
};

export function colorScheme(name: string, isDark: boolean, reverse: boolean): ColorScheme {
  const { colors, startsPale } = SCHEMES[name] ?? SCHEMES.Oranges!;
  const turned = (startsPale && isDark) !== reverse;
  return turned ? (fraction) => colors(1 - fraction) : colors;
}
