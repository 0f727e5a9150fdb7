import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createNoiseTree, type NoiseTree, type NoiseTreeState, nodeScale } from './noiseTree.ts';

const ARITY = 19;
const LEVELS = 5;
/** Past the middle of the second level from the top, so that every kind of step is taken. */
const INTERVALS = 5000;

/** A node of the tree: `index` counts those of its level, each ARITY ** level intervals long. */
interface Node {
  level: number;
  index: number;
}

test('the noise of a prefix is that of nodes which, added and taken away, make up the prefix', () => {
  // Each value of noise has its own number, so that it can be found again.
  const tree = createNoiseTree(numbers());
  const nodeOfValue = new Map<bigint, string>();
  const valueOfNode = new Map<string, bigint>();
  for (let intervals = 1; intervals <= INTERVALS; intervals++) {
    tree.advance();
    const nodes = nodesOf(intervals);
    assert.equal(lengthOf(nodes), intervals);
    const values = valuesOf(tree.state());
    assert.equal(values.length, nodes.length);
    assert.equal(tree.terms(), nodes.length);
    assert.equal(
      tree.noise(),
      values.reduce((sum, { value, sign }) => sum + value * BigInt(sign), 0n),
    );
    for (const [i, { value, sign }] of values.entries()) {
      const node = nodes[i]!;
      const name = `${node.level}/${node.index}`;
      assert.equal(sign, node.sign);
      assert.equal(nodeOfValue.get(value) ?? name, name, 'a value of noise belongs to one node');
      assert.equal(valueOfNode.get(name) ?? value, value, 'a node has one value of noise');
      nodeOfValue.set(value, name);
      valueOfNode.set(name, value);
    }
  }
});

test('an interval lies in one node a level, and the scale is shared out to all of them', () => {
  assert.equal(createNoiseTree(numbers()).state().levels.length + 1, LEVELS);
  assert.deepEqual(nodeScale(1_000_000n, 1), { numerator: 1_000_000 * LEVELS, denominator: 1 });
});

test('whole trees leave one value each, drawn in their middle', () => {
  const tree = createNoiseTree(() => 0n);
  const length = ARITY ** 4;
  const counts: number[] = [];
  for (let intervals = 1; intervals <= 2 * length; intervals++) {
    tree.advance();
    if (intervals % length === 0) counts.push(tree.terms());
    assert.ok(tree.terms() <= 4 * 9 + 2);
  }
  assert.deepEqual(counts, [1, 2]);
});

test('goes on from its state as if nothing had been', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 100 }), (before, after) => {
      const [one, other] = [numbers(), numbers()];
      const unbroken = advanced(createNoiseTree(one), before);
      const broken = createNoiseTree(other, advanced(createNoiseTree(other), before).state());
      assert.deepEqual(advanced(unbroken, after).state(), advanced(broken, after).state());
    }),
  );
});

function numbers(): () => bigint {
  let next = 0n;
  return () => ++next;
}

function advanced(tree: NoiseTree, intervals: number): NoiseTree {
  for (let i = 0; i < intervals; i++) tree.advance();
  return tree;
}

/** From the digits of the number of intervals, for itself: what is kept is in this order too. */
function nodesOf(intervals: number): (Node & { sign: 1 | -1 })[] {
  const nodes: (Node & { sign: 1 | -1 })[] = [];
  for (let level = 0, position = intervals; position > 0; level++) {
    const above = Math.round(position / ARITY);
    const sign = position >= above * ARITY ? 1 : -1;
    const [from, to] = sign === 1 ? [above * ARITY, position] : [position, above * ARITY];
    for (let index = from; index < to; index++) nodes.push({ level, index, sign });
    position = above;
  }
  return nodes;
}

function lengthOf(nodes: readonly (Node & { sign: 1 | -1 })[]): number {
  // As sets of intervals: each of them must be covered once, in order, by what is added less what is taken away.
  const steps = new Map<number, number>();
  for (const { level, index, sign } of nodes) {
    const [from, to] = [index * ARITY ** level, (index + 1) * ARITY ** level];
    steps.set(from, (steps.get(from) ?? 0) + sign);
    steps.set(to, (steps.get(to) ?? 0) - sign);
  }
  const changes = [...steps].filter(([, change]) => change !== 0).toSorted(([a], [b]) => a - b);
  assert.deepEqual(
    changes.map(([, change]) => change),
    [1, -1],
  );
  assert.equal(changes[0]![0], 0);
  return changes[1]![0];
}

function valuesOf({ levels }: NoiseTreeState): { value: bigint; sign: 1 | -1 }[] {
  return levels.flatMap(({ digit, noise }) =>
    noise.map((value) => ({ value, sign: digit < 0 ? (-1 as const) : (1 as const) })),
  );
}
