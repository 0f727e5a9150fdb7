import { writeFileSync } from 'node:fs';

/** What main.ts needs for an ASE without peers that keeps its books in a folder and finds a free port. */
export function soloEnvironment(folder: string): Record<string, string> {
  const secretsFile = `${folder}/secrets.json`;
  writeFileSync(secretsFile, JSON.stringify({ adminToken: 'x'.repeat(32), peerTokens: {} }));
  return {
    ASE_NAME: 'solo',
    ASE_PORT: '0',
    ASE_PUBLIC_URL: 'http://127.0.0.1:1',
    ASE_ILP_ADDRESS: 'test.solo',
    ASE_ASSET_CODE: 'USD',
    ASE_ASSET_SCALE: '2',
    ASE_DATA_DIR: `${folder}/data`,
    ASE_SECRETS_FILE: secretsFile,
    ASE_RATES_URL: 'http://127.0.0.1:1/rates',
  };
}
