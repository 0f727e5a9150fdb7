import {
  type DashboardLinkBuilder,
  MappingType,
  type Panel,
  SpecialValueMatch,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { COLOUR, type Colour } from './colours.ts';
import { INSTANCE_VARIABLE, type PromQL } from './selector.ts';

/** The one data source; provisioning and the built-in viewer give it this uid. */
export const DATASOURCE = { type: 'prometheus', uid: 'prometheus' };

/**
 * The shortest step of a line over time, and so how old its newest point may be. A rate looks back over four of
 * them: in light traffic enough payments to be a pace and not a jitter.
 */
const SHORTEST_STEP = '2s';

/** Places the finished panel; layout.ts calls it. */
export type PanelDraft = (place: { id: number; x: number; y: number; w: number; h: number }) => Panel;

/** Dollars in full, with separators; numbers that are compared have all decimals of the base currency. */
export const DOLLARS = 'currency:financial:$';
/** Dollars on an axis: $1.2 K. */
export const SHORT_DOLLARS = 'currencyUSD';

/** What every panel has to say. */
export interface Basics {
  title: string;
  /** What it means, and what to do when it looks wrong. */
  description: string;
  unit: string;
  decimals?: number;
  /** Said in the panel when there is nothing to show: why that may be. */
  noValue: string;
  /** One panel for each ASE that is chosen; the title then carries `$instance`. */
  perAse?: boolean | { maxPerLine: number };
  links?: DashboardLinkBuilder[];
}

/** From which value on which colour. */
export type Step = [from: number, colour: Colour];

/** Text in place of a certain number. */
export function textFor(value: number, text: string, colour: Colour = COLOUR.quiet): ValueMapping {
  return { type: MappingType.ValueToText, options: { [String(value)]: { text, color: colour, index: 0 } } };
}

/** Text in place of something divided by zero. */
export function textForNone(text: string): ValueMapping[] {
  const result = { text, color: COLOUR.quiet, index: 0 };
  return [
    { type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NotANumber, result } },
    textFor(Number.POSITIVE_INFINITY, text),
  ];
}

interface AnyBuilder {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: typeof DATASOURCE): this;
  id(id: number): this;
  gridPos(place: { x: number; y: number; w: number; h: number }): this;
  repeat(variable: string): this;
  repeatDirection(direction: 'h'): this;
  maxPerRow(max: number): this;
  links(links: DashboardLinkBuilder[]): this;
  build(): Panel;
}

export function draft(basics: Basics, make: () => AnyBuilder): PanelDraft {
  return ({ id, ...gridPos }) => {
    const builder = make()
      .title(basics.title)
      .description(basics.description)
      .datasource(DATASOURCE)
      .id(id)
      .gridPos(gridPos);
    if (basics.perAse) {
      const { maxPerLine } = basics.perAse === true ? { maxPerLine: 4 } : basics.perAse;
      builder.repeat(INSTANCE_VARIABLE).repeatDirection('h').maxPerRow(maxPerLine);
    }
    if (basics.links) builder.links(basics.links);
    return withoutFooter(builder.build());
  };
}

/** The SDK still adds to tables an option that Grafana no longer has; `build()` hands out its own object. */
function withoutFooter(panel: Panel): Panel {
  const { footer: _footer, ...options } = (panel.options ?? {}) as Record<string, unknown>;
  return { ...panel, options };
}

/** The value at the end of the time range. */
export function instant(query: PromQL, ref: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(query).refId(ref).instant().datasource(DATASOURCE);
}

export function overTime(
  query: PromQL,
  name: string,
  ref: string,
  step: string = SHORTEST_STEP,
): DataqueryBuilder {
  return new DataqueryBuilder()
    .expr(query)
    .legendFormat(name)
    .refId(ref)
    .range()
    .interval(step)
    .datasource(DATASOURCE);
}

export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

export function thresholds(base: Colour, steps: Step[] = []): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(base, steps));
}

export function thresholdSteps(base: Colour, steps: Step[] = []): Threshold[] {
  return [{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))];
}
