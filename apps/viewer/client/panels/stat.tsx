import {
  type FieldDisplay,
  FieldType,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
} from '@grafana/data';
import { BigValueGraphMode, BigValueTextMode } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { BigValue, useTheme2, VizRepeater } from '@grafana/ui';
import { definePanel } from './definePanel.ts';
import { SINGLE_STAT_DEFAULTS } from './singleStat.ts';

function StatPanel(props: PanelProps<Options>) {
  const { data, options, fieldConfig, width, height, timeZone, replaceVariables, renderCounter } = props;
  const theme = useTheme2();
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      sparkline: options.graphMode !== BigValueGraphMode.None,
      timeZone,
    });
  const textMode =
    options.textMode === BigValueTextMode.Auto && hasOneValue(data.series)
      ? BigValueTextMode.Value
      : options.textMode;
  return (
    <VizRepeater<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={data}
      renderCounter={renderCounter}
      width={width}
      height={height}
      autoGrid
      orientation={options.orientation}
      itemSpacing={3}
      renderValue={({ value, alignmentFactors, width, height, count }) => (
        <BigValue
          value={options.showPercentChange ? value.display : { ...value.display, percentChange: undefined }}
          count={count}
          sparkline={value.sparkline}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          justifyMode={options.justifyMode}
          textMode={textMode}
          alignmentFactors={alignmentFactors}
          text={options.text}
          width={width}
          height={height}
          theme={theme}
          disableWideLayout={!options.wideLayout}
          percentChangeColorMode={options.percentChangeColorMode}
        />
      )}
    />
  );
}

/** A lone value needs no name beside it: the panel's title is its name. */
function hasOneValue(series: PanelProps['data']['series']): boolean {
  return (
    series.length === 1 && series[0]!.fields.filter(({ type }) => type === FieldType.number).length === 1
  );
}

export const plugin = definePanel<Options>({
  component: StatPanel,
  options: { ...SINGLE_STAT_DEFAULTS, ...defaultOptions },
  isFullBleed: true,
});
