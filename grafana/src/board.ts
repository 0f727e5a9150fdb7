import {
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  TimePickerBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { COLOUR } from './colours.ts';
import { arrange, type Section } from './layout.ts';
import { DATASOURCE } from './panelParts.ts';
import { NETWORK_CHOICES, Q, VARIABLE_QUERIES } from './queries.ts';
import {
  ASSET_VARIABLE,
  INSTANCE_VARIABLE,
  NETWORK_VARIABLE,
  type PromQL,
  SOURCE_VARIABLE,
} from './selector.ts';

/** The tag by which boards find each other in their links. */
const FAMILY_TAG = 'interledger';

export interface BoardSpec {
  uid: string;
  title: string;
  /** One sentence for the home page: the questions that the board answers. */
  description: string;
  tags: string[];
  sections: Section[];
  /** What a reader may choose; ASEs and assets unless said otherwise. */
  variables?: VariableName[];
}

type VariableName = keyof typeof VARIABLES;

/** A whole board: what is common to all of them is said here once. */
export function board({
  uid,
  title,
  description,
  tags,
  sections,
  variables = [INSTANCE_VARIABLE, ASSET_VARIABLE],
}: BoardSpec): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([FAMILY_TAG, ...tags])
    .timezone('browser')
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .timepicker(new TimePickerBuilder().refreshIntervals(['5s', '10s', '30s', '1m', '5m']))
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Interledger boards')
        .type(DashboardLinkType.Dashboards)
        .tags([FAMILY_TAG])
        .tooltip('The other boards, for the same ASEs and time')
        .includeVars(true)
        .keepTime(true),
    );
  for (const name of variables) builder.withVariable(VARIABLES[name]());
  if (variables.includes(INSTANCE_VARIABLE)) {
    builder.annotation(
      marks('Process starts', Q.annotations.processStarts(), '{{instance}} started', COLOUR.attention),
    );
  }
  const dashboard = builder.build();
  dashboard.panels = arrange(sections);
  return plain(dashboard);
}

/**
 * A copy, because build() hands out the builder's own object, without what the SDK adds by itself and nobody
 * asked for: `placement` would hide links and marks in a menu, the others are fields of interval variables.
 */
function plain(dashboard: Dashboard): Dashboard {
  const without = <T extends object>(items: T[] | undefined, ...keys: string[]) =>
    items?.map((item) => Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key))));
  return JSON.parse(
    JSON.stringify({
      ...dashboard,
      links: without(dashboard.links, 'placement'),
      annotations: { list: without(dashboard.annotations?.list, 'placement') ?? [] },
      templating: { list: without(dashboard.templating?.list, 'auto', 'auto_min', 'auto_count') ?? [] },
    }),
  ) as Dashboard;
}

/** A link from a panel to another board, for the same ASEs and time. */
export function linkTo(uid: string, title: string): DashboardLinkBuilder {
  return linkAtSameTime(uid, title, `&\${${INSTANCE_VARIABLE}:queryparam}`);
}

/** The same between a board about ASEs and one about networks, which have nothing but the time in common. */
export function linkAcross(uid: string, title: string): DashboardLinkBuilder {
  return linkAtSameTime(uid, title, '');
}

function linkAtSameTime(uid: string, title: string, more: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}?\${__url_time_range}${more}`);
}

const VARIABLES = {
  [INSTANCE_VARIABLE]: () => variable(INSTANCE_VARIABLE, 'ASE', 'Account servicing entities to look at.'),
  [ASSET_VARIABLE]: () =>
    variable(ASSET_VARIABLE, 'Asset', 'Assets to look at; amounts of different ones are never summed.'),
  [NETWORK_VARIABLE]: networkVariable,
  [SOURCE_VARIABLE]: () =>
    variable(SOURCE_VARIABLE, 'Source', 'Who tells the network: ASEs of the playground, or a Rafiki.'),
};

/** One at a time: data of two networks never mixes. */
function networkVariable(): CustomVariableBuilder {
  const { name, values } = NETWORK_CHOICES;
  const option = (value: string) => ({ text: value, value, selected: value === values[0] });
  return new CustomVariableBuilder(name)
    .label('Network')
    .description('The testnet has play money, the livenet real one: never both at once.')
    .values(values.join(','))
    .options(values.map(option))
    .current(option(values[0]))
    .multi(false)
    .includeAll(false)
    .allowCustomValue(false);
}

function variable(
  name: keyof typeof VARIABLE_QUERIES,
  label: string,
  description: string,
): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query(VARIABLE_QUERIES[name])
    .multi(true)
    .includeAll(true)
    .current({ text: 'All', value: '$__all', selected: true })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

/** Marks across all graphs, at the times that the query's values say. */
function marks(name: string, query: PromQL, text: string, colour: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(query)
    .step('5s')
    .titleFormat(name)
    .textFormat(text)
    .tagKeys('instance')
    .useValueForTime(true);
}
