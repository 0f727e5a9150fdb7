/**
 * Fills the registries that Grafana's core fills when it boots: the standard field options (unit, decimals,
 * thresholds…), their editors (never shown here) and the transformations, all from @grafana/data.
 */
import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldColorModeId,
  type FieldConfigPropertyItem,
  identityOverrideProcessor,
  numberOverrideProcessor,
  type StandardEditorsRegistryItem,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  ThresholdsMode,
  type TransformerRegistryItem,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const NoEditor = () => null;

const EDITOR_IDS = [
  'text',
  'number',
  'slider',
  'boolean',
  'select',
  'multi-select',
  'radio',
  'unit',
  'color',
  'fieldColor',
  'thresholds',
  'mappings',
  'links',
  'stats-picker',
  'strings',
  'timezone',
  'field-name',
];

export function fillRegistries(): void {
  standardEditorsRegistry.setInit(() =>
    EDITOR_IDS.map((id): StandardEditorsRegistryItem => ({ id, name: id, editor: NoEditor })),
  );
  standardFieldConfigEditorRegistry.setInit(standardFieldOptions);
  standardTransformersRegistry.setInit(transformations);
}

function standardFieldOptions(): FieldConfigPropertyItem[] {
  return [
    option('unit', unitOverrideProcessor),
    option('min', numberOverrideProcessor),
    option('max', numberOverrideProcessor),
    option('decimals', numberOverrideProcessor),
    option('fieldMinMax', booleanOverrideProcessor),
    option('displayName', displayNameOverrideProcessor, { settings: { expandTemplateVars: true } }),
    option('noValue', stringOverrideProcessor),
    option('color', identityOverrideProcessor, { defaultValue: { mode: FieldColorModeId.Thresholds } }),
    option('links', dataLinksOverrideProcessor),
    option('actions', identityOverrideProcessor),
    option('filterable', booleanOverrideProcessor),
    option('thresholds', thresholdsOverrideProcessor, { defaultValue: DEFAULT_THRESHOLDS }),
    option('mappings', valueMappingsOverrideProcessor, { defaultValue: [] }),
  ];
}

const DEFAULT_THRESHOLDS = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: Number.NEGATIVE_INFINITY, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

function option(
  id: string,
  process: FieldConfigPropertyItem['process'],
  extra: Partial<FieldConfigPropertyItem> = {},
): FieldConfigPropertyItem {
  return {
    id,
    path: id,
    name: id,
    editor: NoEditor,
    override: NoEditor,
    process,
    shouldApply: () => true,
    settings: {},
    ...extra,
  };
}

function transformations(): TransformerRegistryItem[] {
  const byId = new Map(Object.values(standardTransformers).map((one) => [one.id, one]));
  return [...byId.values()].map((transformation) => ({
    id: transformation.id,
    name: transformation.name,
    description: transformation.description ?? '',
    transformation: () => Promise.resolve(transformation as never),
    editor: NoEditor,
    imageDark: '',
    imageLight: '',
  }));
}
