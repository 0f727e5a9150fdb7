import {
  type DisplayProcessor,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
  type VizOrientation,
} from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { BarGauge, useTheme2, VizRepeater } from '@grafana/ui';
import { definePanel } from './definePanel.ts';
import { SINGLE_STAT_DEFAULTS } from './singleStat.ts';

const LCD_CELL_WIDTH_PX = 12;

function BarGaugePanel(props: PanelProps<Options>) {
  const { data, options, fieldConfig, width, height, timeZone, replaceVariables, renderCounter } = props;
  const theme = useTheme2();
  const spacing = options.displayMode === 'lcd' ? 2 : 10;
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
    });
  return (
    <VizRepeater<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={data}
      renderCounter={renderCounter}
      width={width}
      height={height}
      orientation={options.orientation}
      itemSpacing={spacing}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      renderValue={({ value, alignmentFactors, orientation, width, height, count }) => (
        <BarGauge
          value={count === 1 && !options.text ? { ...value.display, title: undefined } : value.display}
          field={value.field}
          display={displayOf(value)}
          text={options.text}
          width={width}
          height={height}
          orientation={orientation as VizOrientation}
          theme={theme}
          itemSpacing={spacing}
          lcdCellWidth={LCD_CELL_WIDTH_PX}
          displayMode={options.displayMode}
          alignmentFactors={alignmentFactors}
          showUnfilled={options.showUnfilled}
          valueDisplayMode={options.valueMode}
          namePlacement={options.namePlacement}
        />
      )}
    />
  );
}

function displayOf({ view, colIndex }: FieldDisplay): DisplayProcessor | undefined {
  return colIndex === undefined ? undefined : view?.getFieldDisplayProcessor(colIndex);
}

export const plugin = definePanel<Options>({
  component: BarGaugePanel,
  options: { ...SINGLE_STAT_DEFAULTS, ...defaultOptions },
});
