export interface AlertmanagerPlace {
  configFile: string;
  dataDir: string;
  /** host:port */
  listenAddress: string;
}

/** Compose gives the same ones. */
export function alertmanagerArguments({ configFile, dataDir, listenAddress }: AlertmanagerPlace): string[] {
  return [
    `--config.file=${configFile}`,
    `--storage.path=${dataDir}`,
    `--web.listen-address=${listenAddress}`,
    // There is only one: it looks for no others.
    '--cluster.listen-address=',
    '--data.retention=24h',
    '--log.format=json',
  ];
}

/** How Go shall use memory. */
export function alertmanagerEnvironment() {
  return { GOMEMLIMIT: '32MiB' };
}
