import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../ledger/testing.ts';
import { boundedFile } from './boundedFile.ts';

const MAX_BYTES = 1_000;
const NOTE = 'anew\n';

describe('a log that goes to a file', () => {
  it('never grows past its bound, whatever was there before, and keeps the newest lines', () => {
    const { folder, remove } = temporaryFolder();
    const file = `${folder}/ase.log`;
    writeFileSync(file, `${'x'.repeat(899)}\n`);
    const fd = openSync(file, 'a');
    try {
      const log = boundedFile(
        { write: (line) => writeSync(fd, line) },
        { fd, maxBytes: MAX_BYTES, note: () => NOTE },
      );
      let sizes = 0;
      for (let n = 0; n < 500; n += 1) {
        log.write(`${n} wörter\n`);
        const text = readFileSync(file, 'utf8');
        assert.ok(Buffer.byteLength(text) <= MAX_BYTES, `line ${n}: ${text.length}`);
        assert.ok(text.endsWith(`${n} wörter\n`));
        sizes = Math.max(sizes, Buffer.byteLength(text));
      }
      assert.ok(sizes > MAX_BYTES * 0.9, 'it began anew long before it had to');
      assert.ok(readFileSync(file, 'utf8').startsWith(NOTE));
    } finally {
      closeSync(fd);
      remove();
    }
  });

  it('is left alone when it is none', () => {
    const out = { write() {} };
    const fd = openSync('/dev/null', 'a');
    assert.equal(boundedFile(out, { fd, maxBytes: 1, note: () => NOTE }), out);
    closeSync(fd);
  });
});
