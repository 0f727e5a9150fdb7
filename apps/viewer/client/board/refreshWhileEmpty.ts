import { type SceneObject, SceneQueryRunner, SceneRefreshPicker, sceneGraph } from '@grafana/scenes';
import { showsNothing } from '../prometheus/showsNothing.ts';

const LOOK_EVERY_MS = 500;
/** A panel that is empty for longer has a reason, which it says. */
const LOOK_FOR_MS = 10_000;

/**
 * A behaviour: who opens a board before the first numbers are there (a rate wants two samples) does not have to
 * wait for the usual refresh. Panels that are empty ask again, for a short time. Where refresh is off, it stays off.
 */
export function refreshWhileEmpty(scene: SceneObject): () => void {
  const startedAtMs = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - startedAtMs > LOOK_FOR_MS) clearInterval(timer);
    else if (refreshes(scene)) for (const runner of emptyOnes(scene)) runner.runQueries();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

function refreshes(scene: SceneObject): boolean {
  return sceneGraph.findDescendents(scene, SceneRefreshPicker).some(({ state }) => Boolean(state.refresh));
}

function emptyOnes(scene: SceneObject): SceneQueryRunner[] {
  // A question that is under way is left to its answer.
  return sceneGraph
    .findDescendents(scene, SceneQueryRunner)
    .filter((runner) => runner.isActive && showsNothing(runner));
}
