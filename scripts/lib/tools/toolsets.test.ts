import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { readEnv } from '../env.ts';
import { parseChecksums } from './download.ts';
import { toolsetsOf } from './toolsets.ts';

const TOOLS = path.resolve(import.meta.dirname, '../../../tools');
const read = (file: string) => readFileSync(path.join(TOOLS, file), 'utf8');
const { versions } = readEnv({});

describe('the pins of the tools agree:', () => {
  for (const { name, module } of toolsetsOf(versions)) {
    it(`tools/${name}/go.mod with .env`, () => {
      const required = read(`${name}/go.mod`)
        .split('\n')
        .map((line) => line.replace(/\/\/.*/, '').trim());
      assert.ok(required.includes(module), `go.mod does not require ${module}`);
    });
  }

  it('builder.yaml with .env, go.mod and the Go files that are generated from it', () => {
    const { dist, ...kinds } = parse(read('otelcol/builder.yaml')) as Builder;
    assert.equal(dist.version, versions.OTELCOL_VERSION);
    assert.match(read('otelcol/main.go'), new RegExp(`Version: +"${versions.OTELCOL_VERSION}"`));
    const generated = read('otelcol/components.go') + read('otelcol/main.go');
    const modules = Object.values(kinds).flatMap((list) => list.map(({ gomod }) => gomod));
    assert.ok(modules.length > 10);
    for (const module of modules) {
      assert.ok(read('otelcol/go.mod').includes(`\t${module}\n`), `go.mod does not require ${module}`);
      assert.ok(generated.includes(`"${module}"`), `the generated Go files lack ${module}`);
    }
    const named = generated.match(/"[\w./-]+ v\d[\w.-]+"/g) ?? [];
    assert.equal(new Set(named).size, modules.length, 'the generated Go files have more than builder.yaml');
  });

  it('the known checksums belong to archives of these versions', () => {
    const platforms = ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64'].map((arch) => ({ os, arch })));
    const archives = toolsetsOf(versions).flatMap(({ release }) => platforms.map(release.archive));
    const known = [...parseChecksums(read('SHA256SUMS')).keys()];
    assert.deepEqual(
      known.filter((name) => !archives.includes(name)),
      [],
    );
  });
});

describe('a toolset', () => {
  it('names the files of the official releases', () => {
    const platform = { os: 'linux', arch: 'amd64' };
    const [otelcol, prometheus, alertmanager, jaeger, compose, k6] = toolsetsOf({
      ...versions,
      OTELCOL_VERSION: '0.155.0',
      PROMETHEUS_VERSION: '3.5.12',
      ALERTMANAGER_VERSION: '0.31.1',
      JAEGER_VERSION: '2.13.0',
      K6_VERSION: '1.8.1',
    });
    assert.equal(otelcol!.release.archive(platform), 'otelcol-contrib_0.155.0_linux_amd64.tar.gz');
    assert.equal(prometheus!.release.archive(platform), 'prometheus-3.5.12.linux-amd64.tar.gz');
    assert.equal(alertmanager!.release.archive(platform), 'alertmanager-0.31.1.linux-amd64.tar.gz');
    assert.equal(jaeger!.release.archive(platform), 'jaeger-2.13.0-linux-amd64.tar.gz');
    assert.equal(jaeger!.release.tag, 'v1.76.0');
    assert.equal(compose!.release.archive(platform), 'docker-compose-linux-x86_64');
    assert.equal(k6!.release.archive(platform), 'k6-v1.8.1-linux-amd64.tar.gz');
    assert.equal(k6!.release.archive({ os: 'darwin', arch: 'arm64' }), 'k6-v1.8.1-macos-arm64.zip');
    assert.equal(compose!.release.archive({ os: 'darwin', arch: 'arm64' }), 'docker-compose-darwin-aarch64');
  });

  it('knows that Prometheus numbers its module apart', () => {
    const moduleOf = (version: string) => toolsetsOf({ ...versions, PROMETHEUS_VERSION: version })[1]!.module;
    assert.equal(moduleOf('3.15.0'), 'github.com/prometheus/prometheus v0.315.0');
    assert.equal(moduleOf('3.5.1'), 'github.com/prometheus/prometheus v0.305.1');
  });
});

type Builder = { dist: { version: string } } & Record<string, { gomod: string }[]>;
