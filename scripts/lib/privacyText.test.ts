import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dollars, privacyText } from './privacyText.ts';

test('base units are dollars with four digits, of either sign', () => {
  assert.equal(dollars('0'), '$0.0000');
  assert.equal(dollars('1'), '$0.0001');
  assert.equal(dollars('-1357950'), '-$135.7950');
  assert.equal(dollars('9007199254740991'), '$900719925474.0991');
});

test('one table for each ASE, with what is chosen and how far each is from the truth', () => {
  const mechanism = { chosen: false, boundUnits: null, epsilonSpent: null };
  const text = privacyText([
    {
      ase: 'cloud-nine',
      enabled: true,
      network: 'testnet',
      mechanism: 'unbiased',
      epsilon: 0.5,
      clipUnits: '1250000',
      trueUnits: '1000000',
      sentUnits: '1100000',
      mechanisms: [
        { ...mechanism, name: 'rafiki', publishedUnits: '2500000', errorUnits: '1500000' },
        {
          name: 'unbiased',
          chosen: true,
          publishedUnits: '990000',
          errorUnits: '-10000',
          boundUnits: '50000',
          epsilonSpent: 0.5,
        },
      ],
    },
    { ase: 'happy-life', enabled: false, network: 'livenet' },
  ]);
  assert.match(text, /^cloud-nine tells the testnet \$110\.0000, the truth is \$100\.0000$/m);
  assert.match(text, /rafiki +\$250\.0000 +\$150\.0000 +150\.00 % +no bound +no limit$/m);
  assert.match(text, /→ +unbiased +\$99\.0000 +-\$1\.0000 +-1\.00 % +\$5\.0000 +0\.5$/m);
  assert.match(text, /^happy-life: network telemetry is off \(livenet\)$/m);
});
