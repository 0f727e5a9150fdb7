import { VariableRefresh } from '@grafana/data';
import { QueryVariable, type SceneObject, SceneVariableSet, sceneGraph } from '@grafana/scenes';

/**
 * A behaviour: a variable whose query failed is asked again at each refresh until it answers, so that a board
 * opened while Prometheus was down recovers by refresh alone.
 */
export function retryFailedVariables(scene: SceneObject): () => void {
  const set = sceneGraph.getVariables(scene);
  if (!(set instanceof SceneVariableSet)) return () => {};
  const subscriptions = set.state.variables
    .filter((variable) => variable instanceof QueryVariable)
    .map((variable) => {
      const usual = variable.state.refresh;
      return variable.subscribeToState(({ error, loading, refresh }) => {
        if (loading) return;
        const wanted = error ? VariableRefresh.onTimeRangeChanged : usual;
        if (refresh !== wanted) variable.setState({ refresh: wanted });
      });
    });
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}
