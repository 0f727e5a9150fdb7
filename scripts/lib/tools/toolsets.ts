import type { VersionName, Versions } from '../env.ts';

/** Programs that come from one source: one release archive, one Go module, one folder in `tools/` and in the cache. */
export interface Toolset {
  name: string;
  version: string;
  programs: readonly Program[];
  release: Release;
  /** The `module version` that `tools/NAME/go.mod` has to require in order to build this version. */
  module: string;
  /** Flags of `go list` and `go build`. */
  buildFlags: readonly string[];
}

export interface Program {
  name: string;
  /** What the official release calls it. */
  officialName: string;
  /** The Go package, seen from `tools/NAME/`. */
  goPackage: string;
}

export interface Release {
  /** `owner/name` on GitHub. */
  repository: string;
  tag: string;
  /** The file that holds the SHA-256 of all archives of the release. */
  checksumFile: string;
  archive(platform: Platform): string;
  /** The program's name, when what is published is no archive but the program itself. */
  bareProgram?: string;
}

/** In Go's words, as release archives are named. */
export interface Platform {
  os: string;
  arch: string;
}

export type ToolName =
  | 'otelcol'
  | 'prometheus'
  | 'promtool'
  | 'alertmanager'
  | 'amtool'
  | 'jaeger'
  | 'compose'
  | 'k6';

/** All tools at the versions of `.env`. */
export function toolsetsOf(versions: Omit<Versions, 'GRAFANA_VERSION'>): Toolset[] {
  return [
    otelcol(versions.OTELCOL_VERSION),
    prometheus(versions.PROMETHEUS_VERSION),
    alertmanager(versions.ALERTMANAGER_VERSION),
    jaeger(versions.JAEGER_VERSION),
    compose(versions.COMPOSE_VERSION),
    k6(versions.K6_VERSION),
  ];
}

/** Where a version is pinned, for messages. */
export function versionName(toolset: string): VersionName {
  return `${toolset.toUpperCase()}_VERSION` as VersionName;
}

const BUILD_FLAGS = [
  '-mod=readonly',
  '-trimpath',
  '-buildvcs=false',
  // -s strips it from the result anyway; not to make it at all saves a fifth of the time.
  '-gcflags=all=-dwarf=false',
];

function otelcol(version: string): Toolset {
  return {
    name: 'otelcol',
    version,
    // Only the contrib distribution has every component that collector/ uses.
    programs: [{ name: 'otelcol', officialName: 'otelcol-contrib', goPackage: '.' }],
    release: {
      repository: 'open-telemetry/opentelemetry-collector-releases',
      tag: `v${version}`,
      checksumFile: 'opentelemetry-collector-releases_otelcol-contrib_checksums.txt',
      archive: ({ os, arch }) => `otelcol-contrib_${version}_${os}_${arch}.tar.gz`,
    },
    module: `go.opentelemetry.io/collector/otelcol v${version}`,
    buildFlags: [...BUILD_FLAGS, '-ldflags=-s -w'],
  };
}

/** Prometheus numbers its Go module apart: program 3.15.0 is module v0.315.0. */
function prometheus(version: string): Toolset {
  const [major = '', minor = '', patch = ''] = version.split('.');
  const program = (name: string): Program => ({
    name,
    officialName: name,
    goPackage: `github.com/prometheus/prometheus/cmd/${name}`,
  });
  return {
    name: 'prometheus',
    version,
    programs: [program('prometheus'), program('promtool')],
    release: {
      repository: 'prometheus/prometheus',
      tag: `v${version}`,
      checksumFile: 'sha256sums.txt',
      archive: ({ os, arch }) => `prometheus-${version}.${os}-${arch}.tar.gz`,
    },
    module: `github.com/prometheus/prometheus v0.${major}${minor.padStart(2, '0')}.${patch}`,
    buildFlags: [
      ...BUILD_FLAGS,
      // Without the cloud service discovery a third of the packages need not be built.
      '-tags=remove_all_sd',
      // A module build does not know its version by itself.
      `-ldflags=-s -w -X github.com/prometheus/common/version.Version=${version}`,
    ],
  };
}

/** 0.32 to 0.34 do not build from the module proxy: the files of their web UI are missing there. */
function alertmanager(version: string): Toolset {
  const program = (name: string): Program => ({
    name,
    officialName: name,
    goPackage: `github.com/prometheus/alertmanager/cmd/${name}`,
  });
  return {
    name: 'alertmanager',
    version,
    programs: [program('alertmanager'), program('amtool')],
    release: {
      repository: 'prometheus/alertmanager',
      tag: `v${version}`,
      checksumFile: 'sha256sums.txt',
      archive: ({ os, arch }) => `alertmanager-${version}.${os}-${arch}.tar.gz`,
    },
    module: `github.com/prometheus/alertmanager v${version}`,
    buildFlags: [...BUILD_FLAGS, `-ldflags=-s -w -X github.com/prometheus/common/version.Version=${version}`],
  };
}

/** Jaeger numbers its Go module apart: program 2.13.0 is module v1.76.0. The web UI is not in the module. */
function jaeger(version: string): Toolset {
  const [, minor = ''] = version.split('.');
  const moduleVersion = `v1.${Number(minor) + 63}.0`;
  return {
    name: 'jaeger',
    version,
    programs: [
      { name: 'jaeger', officialName: 'jaeger', goPackage: 'github.com/jaegertracing/jaeger/cmd/jaeger' },
    ],
    release: {
      repository: 'jaegertracing/jaeger',
      tag: moduleVersion,
      checksumFile: `jaeger-${version}.sha256sum.txt`,
      archive: ({ os, arch }) => `jaeger-${version}-${os}-${arch}.tar.gz`,
    },
    module: `github.com/jaegertracing/jaeger ${moduleVersion}`,
    buildFlags: [
      ...BUILD_FLAGS,
      `-ldflags=-s -w -X github.com/jaegertracing/jaeger/internal/version.latestVersion=v${version}`,
    ],
  };
}

/** Docker Compose, which also runs by itself, without being a plugin of Docker's command line. */
function compose(version: string): Toolset {
  return {
    name: 'compose',
    version,
    programs: [
      { name: 'compose', officialName: 'docker-compose', goPackage: 'github.com/docker/compose/v5/cmd' },
    ],
    release: {
      repository: 'docker/compose',
      tag: `v${version}`,
      checksumFile: 'checksums.txt',
      bareProgram: 'docker-compose',
      archive: ({ os, arch }) => `docker-compose-${os}-${arch === 'amd64' ? 'x86_64' : 'aarch64'}`,
    },
    module: `github.com/docker/compose/v5 v${version}`,
    buildFlags: [
      ...BUILD_FLAGS,
      `-ldflags=-s -w -X github.com/docker/compose/v5/internal.Version=v${version}`,
    ],
  };
}

/** What `load` makes load with; the module tells its version by itself. */
function k6(version: string): Toolset {
  return {
    name: 'k6',
    version,
    programs: [{ name: 'k6', officialName: 'k6', goPackage: 'go.k6.io/k6' }],
    release: {
      repository: 'grafana/k6',
      tag: `v${version}`,
      checksumFile: `k6-v${version}-checksums.txt`,
      // For macOS there are only zip archives, which not every tar unpacks: there it may have to be built.
      archive: ({ os, arch }) =>
        os === 'darwin' ? `k6-v${version}-macos-${arch}.zip` : `k6-v${version}-${os}-${arch}.tar.gz`,
    },
    module: `go.k6.io/k6 v${version}`,
    buildFlags: [...BUILD_FLAGS, '-ldflags=-s -w'],
  };
}
