import type { Playground } from '../playground.ts';
import type { Finding } from './finding.ts';

/** The playground that is looked at. */
export interface Patient {
  playground: Playground;
  /** Whether a component lives and says that it is well: a process or a container. */
  lookAtComponent(name: string): Promise<Finding>;
  say: (line: string) => void;
  signal: AbortSignal;
}
