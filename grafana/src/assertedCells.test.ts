import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AssertedCell,
  assertedCells,
  expectedText,
  type Reading,
  type ShownAses,
} from './assertedCells.ts';
import { generateBoards } from './generate.ts';
import { type Chosen, shownPanels } from './testing/shownPanels.ts';

const ASES: ShownAses = [
  {
    name: 'cloud-nine',
    assetCode: 'USD',
    peers: [{ id: 'global-bank', assetCode: 'USD' }],
    network: 'testnet',
  },
  {
    name: 'global-bank',
    assetCode: 'USD',
    peers: [
      { id: 'cloud-nine', assetCode: 'USD' },
      { id: 'happy-life', assetCode: 'EUR' },
    ],
  },
  {
    name: 'happy-life',
    assetCode: 'EUR',
    peers: [{ id: 'global-bank', assetCode: 'EUR' }],
    network: 'livenet',
  },
];
const CHOSEN: Chosen = { instances: ASES.map(({ name }) => name), assets: ['EUR', 'USD'] };

const cells = assertedCells(ASES);
const reading = (quantity: Reading['quantity']): Reading => ({
  instance: 'cloud-nine',
  quantity,
  labels: {},
  window: '1h',
});
const cellOf = (value: AssertedCell['value']): AssertedCell => ({
  boardUid: 'payments',
  panelTitle: 'a panel',
  place: 'panel',
  value,
});

describe('the cells that must equal the ledger', () => {
  test('are all there: payments by window, packets, errors and peers of every ASE', () => {
    const count = (title: string) => cells.filter(({ panelTitle }) => panelTitle === title).length;
    for (const { name, peers } of ASES) {
      assert.equal(count(`${name} · sent`), 15);
      assert.equal(count(`${name} · received`), 15);
      assert.equal(count(`${name} · packets by type and outcome`), 16);
      assert.equal(count(`${name} · errors by cause`), 26);
      assert.equal(count(`${name} · peers`), 4 * peers.length);
    }
    // Two networks show the same twelve numbers.
    assert.equal(cells.filter(({ place }) => place === 'panel').length, 8 + 5 + 2 * 12);
    assert.equal(count('By source, last hour'), 2 * 3);
    assert.equal(count('Counters by source'), 2 * 7);
  });

  test('an ASE that tells no network stands on no board about networks', () => {
    const uids = new Set(assertedCells([ASES[1]!]).map(({ boardUid }) => boardUid));
    assert.deepEqual([...uids], ['payments', 'connector-overview', 'settlement-activity']);
  });

  test('what an ASE tells one network is nowhere on the other', () => {
    const network = cells.filter(({ boardUid }) => boardUid === 'network-overview');
    for (const { variables, value } of network) {
      const readings = value.kind === 'sum' ? value.of : value.kind === 'average' ? value.total : value.whole;
      const ase = variables?.network === 'livenet' ? 'happy-life' : 'cloud-nine';
      for (const { instance, labels } of readings)
        assert.deepEqual({ instance, labels }, { instance: ase, labels: { network: variables?.network } });
    }
  });

  test('each has a place of its own', () => {
    const places = cells.map(({ boardUid, panelTitle, place, variables }) =>
      JSON.stringify([boardUid, panelTitle, place, variables]),
    );
    assert.equal(new Set(places).size, places.length);
  });

  test('each stands on a panel that shows digits alone', () => {
    const boards = generateBoards();
    for (const { boardUid, panelTitle, place, value, dollarDecimals } of cells) {
      const shown = shownPanels(boards[boardUid]!, CHOSEN).find(({ title }) => title === panelTitle);
      assert.ok(shown, `${boardUid} has no panel “${panelTitle}”`);
      const { type, fieldConfig } = shown.panel;
      assert.equal(type, place === 'panel' ? 'stat' : 'table');
      const isRatio = value.kind === 'ratio';
      const isDollars = dollarDecimals !== undefined;
      const unit = isDollars ? 'currency:financial:$' : isRatio ? 'percentunit' : 'none';
      const own = (fieldConfig?.overrides ?? [])
        .filter(({ matcher }) => place !== 'panel' && matcher.options === place.column)
        .flatMap(({ properties }) => properties.map(({ id, value }) => [id, value]));
      const options = { ...fieldConfig?.defaults, ...Object.fromEntries(own) };
      assert.equal(options.unit, unit, panelTitle);
      assert.equal(options.decimals, dollarDecimals ?? (isRatio ? 1 : 0), panelTitle);
      if (place === 'panel') continue;
      const titles = (fieldConfig?.overrides ?? []).map(({ matcher }) => matcher.options);
      for (const column of [...Object.keys(place.row), place.column])
        assert.ok(titles.includes(column), `${panelTitle} has no column ${column}`);
    }
  });

  test('amounts of different assets are never added', () => {
    for (const { value } of cells) {
      if (value.kind !== 'sum') continue;
      const amounts = value.of.filter(({ quantity }) => /units|credits|debits/.test(quantity));
      assert.ok(amounts.length <= 1);
    }
  });
});

describe('the text of a cell', () => {
  const sum = cellOf({ kind: 'sum', of: [reading('payments_total'), reading('payments_total')] });
  const average = cellOf({
    kind: 'average',
    total: [reading('payment_amount_units_total')],
    count: [reading('payments_total')],
    none: 'no payments',
  });
  const ratio = cellOf({
    kind: 'ratio',
    part: [reading('payments_total')],
    whole: [reading('payments_total'), reading('ilp_packets_processed_total')],
    none: 'no payments',
  });

  test('a sum is digits alone, however many', () => {
    assert.equal(
      expectedText(sum, () => 0n),
      '0',
    );
    assert.equal(
      expectedText(sum, () => 2_251_799_813_685_248n),
      '4503599627370496',
    );
    assert.equal(
      expectedText(sum, () => -7n),
      '-14',
    );
  });

  test('base units are dollars in full, to the cent or to the unit', () => {
    const of = (dollarDecimals: number, units: bigint) =>
      expectedText(
        { ...cellOf({ kind: 'sum', of: [reading('transactions_amount_total')] }), dollarDecimals },
        () => units,
      );
    assert.equal(of(2, 0n), '$0.00');
    assert.equal(of(2, 12_345_678_949n), '$1,234,567.89');
    assert.equal(of(4, 12_345_678_949n), '$1,234,567.8949');
    assert.equal(of(4, 1n), '$0.0001');
    const each = { ...average, dollarDecimals: 2 };
    assert.equal(
      expectedText(each, ({ quantity }) => (quantity === 'payments_total' ? 3n : 200_000n)),
      '$6.67',
    );
    assert.equal(
      expectedText(each, () => 0n),
      'no payments',
    );
  });

  test('an average is rounded to the nearest unit, halves up, and says so when nothing was paid', () => {
    const of = (total: bigint, count: bigint) =>
      expectedText(average, ({ quantity }) => (quantity === 'payments_total' ? count : total));
    assert.equal(of(10n, 4n), '3');
    assert.equal(of(9n, 4n), '2');
    assert.equal(of(0n, 3n), '0');
    assert.equal(of(0n, 0n), 'no payments');
    assert.equal(of(500n, 0n), 'no payments');
  });

  test('a ratio is a percentage with one decimal, and says so when nothing ended', () => {
    const of = (good: bigint, bad: bigint) =>
      expectedText(ratio, ({ quantity }) => (quantity === 'payments_total' ? good : bad));
    assert.equal(of(3n, 0n), '100.0%');
    assert.equal(of(0n, 3n), '0.0%');
    assert.equal(of(2n, 1n), '66.7%');
    assert.equal(of(1999n, 1n), '100.0%');
    assert.equal(of(0n, 0n), 'no payments');
  });
});
