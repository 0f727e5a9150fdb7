/** What a repeated panel or row repeats over: the values that its variable holds now. */
import {
  LocalValueVariable,
  MultiValueVariable,
  type MultiValueVariableState,
  type SceneObject,
  SceneVariableSet,
  sceneGraph,
  type VariableValueSingle,
} from '@grafana/scenes';

export interface RepeatValue {
  value: VariableValueSingle;
  text: string;
}

/** As seen from `from` upwards; `undefined` while the variable is not there or still loading. */
export function repeatValues(variableName: string, from: SceneObject): RepeatValue[] | undefined {
  const variable = sceneGraph.lookupVariable(variableName, from);
  if (!(variable instanceof MultiValueVariable)) return undefined;
  if (sceneGraph.getVariables(variable).isVariableLoadingOrWaitingToUpdate(variable)) return undefined;
  if (variable.hasAllValue()) {
    const { options } = variable.state as MultiValueVariableState;
    return options.map(({ value, label }) => ({ value, text: label }));
  }
  const texts = [variable.state.text].flat();
  return [variable.state.value].flat().map((value, index) => ({
    value: value as VariableValueSingle,
    text: String(texts[index] ?? value),
  }));
}

/** Variables are asked again at each refresh; panels are made anew only when the values changed. */
export const sameValues = (a: RepeatValue[], b: RepeatValue[]): boolean =>
  a.length === b.length && a.every(({ value, text }, i) => value === b[i]!.value && text === b[i]!.text);

/** The variable as one copy sees it: this one value. */
export const localVariable = (name: string, { value, text }: RepeatValue): SceneVariableSet =>
  new SceneVariableSet({ variables: [new LocalValueVariable({ name, value, text })] });

/** Key of the copy with this number; the first is the original. */
export const copyKey = (key: string | undefined, index: number): string =>
  index === 0 ? (key ?? '') : `${key}-clone-${index}`;
