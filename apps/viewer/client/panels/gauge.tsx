import { type FieldDisplay, getFieldDisplayValues, type PanelProps } from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import { useTheme2, VizRepeater } from '@grafana/ui';
import { Dial } from './Dial.tsx';
import { definePanel } from './definePanel.ts';
import { SINGLE_STAT_DEFAULTS } from './singleStat.ts';

function GaugePanel(props: PanelProps<Options>) {
  const { data, options, fieldConfig, width, height, timeZone, replaceVariables, renderCounter } = props;
  const theme = useTheme2();
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
    <VizRepeater<FieldDisplay>
      getValues={getValues}
      source={data}
      renderCounter={renderCounter}
      width={width}
      height={height}
      autoGrid
      orientation={options.orientation}
      itemSpacing={8}
      renderValue={({ value, width, height, count }) => (
        <Dial
          value={value}
          width={width}
          height={height}
          showMarkers={options.showThresholdMarkers}
          showTitle={count > 1}
          valueSizePx={options.text?.valueSize}
        />
      )}
    />
  );
}

export const plugin = definePanel<Options>({
  component: GaugePanel,
  options: { ...SINGLE_STAT_DEFAULTS, ...defaultOptions },
});
