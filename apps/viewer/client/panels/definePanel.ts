/** One way to define a panel type: what draws it, its options' defaults, and which field options it has. */
import {
  type DataFrame,
  FieldColorModeId,
  type FieldConfigEditorBuilder,
  identityOverrideProcessor,
  type PanelOptionsEditorBuilder,
  PanelPlugin,
  type PanelProps,
} from '@grafana/data';
import type { ComponentType } from 'react';
import { withDataState } from './withDataState.tsx';

interface PanelDefinition<T> {
  component: ComponentType<PanelProps<T>>;
  /** Defaults of the panel's options. */
  options: Record<string, unknown>;
  /** Defaults of the panel's own field options, below `custom.` in the JSON. */
  fields?: Record<string, unknown>;
  /** Each series has its own colour, instead of the colour of its value. */
  hasSeriesColors?: boolean;
  /** The drawing reaches the panel's edges. */
  isFullBleed?: boolean;
  /** It shows the board's annotations. */
  hasAnnotations?: boolean;
  /** Whether there is something to draw; without it the panel says that there is not. */
  hasData?: (series: DataFrame[]) => boolean;
}

export function definePanel<T>(definition: PanelDefinition<T>): PanelPlugin<T> {
  const {
    component,
    options,
    fields = {},
    hasSeriesColors,
    isFullBleed,
    hasAnnotations,
    hasData,
  } = definition;
  const plugin = new PanelPlugin<T>(withDataState(component, hasData));
  if (isFullBleed) plugin.setNoPadding();
  plugin.setDataSupport({ annotations: hasAnnotations ?? false, alertStates: false });
  const mode = hasSeriesColors ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds;
  // biome-ignore lint/correctness/useHookAtTopLevel: Grafana's name for a plain method
  plugin.useFieldConfig({
    standardOptions: { color: { defaultValue: { mode } } },
    useCustomConfig: (builder) => addFieldDefaults(builder as FieldConfigEditorBuilder<object>, fields),
  });
  plugin.setPanelOptions((builder) => addOptionDefaults(builder, options));
  return plugin;
}

const NoEditor = () => null;

function addOptionDefaults<T>(
  builder: PanelOptionsEditorBuilder<T>,
  defaults: Record<string, unknown>,
): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({ id: path, path, name: path, editor: NoEditor, defaultValue });
  }
}

function addFieldDefaults(
  builder: FieldConfigEditorBuilder<object>,
  defaults: Record<string, unknown>,
): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({
      id: path,
      path,
      name: path,
      editor: NoEditor,
      override: NoEditor,
      process: identityOverrideProcessor,
      shouldApply: () => true,
      defaultValue,
    });
  }
}
