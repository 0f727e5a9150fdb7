import {
  AnnotationQueryBuilder,
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
import { Q, VARIABLE_QUERIES } from './queries.ts';
import { ASSET_VARIABLE, INSTANCE_VARIABLE, type PromQL } from './selector.ts';

/** The tag by which boards find each other in their links. */
const FAMILY_TAG = 'interledger';

export interface BoardSpec {
  uid: string;
  title: string;
  /** One sentence for the home page: the questions that the board answers. */
  description: string;
  tags: string[];
  sections: Section[];
}

/** A whole board: what is common to all of them is said here once. */
export function board({ uid, title, description, tags, sections }: BoardSpec): Dashboard {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([FAMILY_TAG, ...tags])
    .timezone('browser')
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .timepicker(new TimePickerBuilder().refreshIntervals(['5s', '10s', '30s', '1m', '5m']))
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(variable(INSTANCE_VARIABLE, 'ASE', 'Account servicing entities to look at.'))
    .withVariable(
      variable(ASSET_VARIABLE, 'Asset', 'Assets to look at; amounts of different ones are never summed.'),
    )
    .annotation(
      marks('Process starts', Q.annotations.processStarts(), '{{instance}} started', COLOUR.attention),
    )
    .link(
      new DashboardLinkBuilder('Interledger boards')
        .type(DashboardLinkType.Dashboards)
        .tags([FAMILY_TAG])
        .tooltip('The other boards, for the same ASEs and time')
        .includeVars(true)
        .keepTime(true),
    )
    .build();
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
      annotations: { list: without(dashboard.annotations?.list, 'placement') },
      templating: { list: without(dashboard.templating?.list, 'auto', 'auto_min', 'auto_count') },
    }),
  ) as Dashboard;
}

/** A link from a panel to another board, for the same ASEs and time. */
export function linkTo(uid: string, title: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}?\${__url_time_range}&\${${INSTANCE_VARIABLE}:queryparam}`);
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
