import { css } from '@emotion/css';
import {
  ControlsLabel,
  dataLayers,
  type SceneComponentProps,
  SceneDataLayerSet,
  SceneObjectBase,
  type SceneObjectState,
  sceneGraph,
} from '@grafana/scenes';
import { InlineSwitch, useStyles2 } from '@grafana/ui';

type Layer = InstanceType<typeof dataLayers.AnnotationsDataLayer>;

/** A switch for each kind of annotation that the board has. */
export class AnnotationControls extends SceneObjectBase<SceneObjectState> {
  static Component = ({ model }: SceneComponentProps<AnnotationControls>) =>
    layersOf(model).map((layer) => <LayerSwitch key={layer.state.key} layer={layer} />);
}

function layersOf(model: AnnotationControls): Layer[] {
  return sceneGraph
    .getDataLayers(model, true)
    .flatMap((set) => (set instanceof SceneDataLayerSet ? set.state.layers : []))
    .filter((layer) => layer instanceof dataLayers.AnnotationsDataLayer);
}

function LayerSwitch({ layer }: { layer: Layer }) {
  const { key, name, isEnabled = true, isHidden, data } = layer.useState();
  const styles = useStyles2(getStyles);
  if (isHidden) return null;
  const id = `annotations-${key}`;
  const error = data?.errors?.[0]?.message;
  return (
    <div className={styles.control}>
      <ControlsLabel htmlFor={id} label={name} {...(error ? { error } : {})} />
      <InlineSwitch
        id={id}
        value={isEnabled}
        onChange={() => layer.setState({ isEnabled: !isEnabled })}
        className={styles.toggle}
      />
    </div>
  );
}

const getStyles = () => ({
  control: css({ display: 'flex' }),
  toggle: css({ borderTopLeftRadius: 0, borderBottomLeftRadius: 0 }),
});
